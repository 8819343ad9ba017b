package ai.robutler.portal.intent;

import ai.robutler.api.ApiException;
import ai.robutler.portal.Fields;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** Reads the address of an agent. It is told to others as it is and never asked from here. */
final class WebAddress {
    private static final int MOST = 200;

    private WebAddress() {}

    /** The address in that field; empty when there is none. Fails with 400 for one that no web client could ask. */
    static Optional<String> read(Fields fields, String name) {
        Optional<String> text = fields.text(name, MOST).map(String::strip).filter(url -> !url.isEmpty());
        if (text.isPresent() && !isWeb(text.get())) {
            throw ApiException.inField(
                    name,
                    "The field '" + name + "' must be an http or https address such as https://example.org/agent,"
                            + " without user and password");
        }
        return text;
    }

    private static boolean isWeb(String text) {
        try {
            URI uri = new URI(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean web = scheme.equals("http") || scheme.equals("https");
            return web && uri.getHost() != null && uri.getUserInfo() == null;
        } catch (URISyntaxException notAnAddress) {
            return false;
        }
    }
}
