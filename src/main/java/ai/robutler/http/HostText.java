package ai.robutler.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The host that a URL names, in the one spelling that every reader of URLs understands alike.
 *
 * @param uri the whole URL, whose host is exactly {@code host}
 * @param host a name in lower case, four decimal numbers, or IPv6 in brackets
 * @param port the port to connect to; that of the scheme when the URL names none
 */
record HostText(URI uri, String host, int port) {
    private static final int MAX_CHARS = 2048;

    /**
     * Reads an {@code http} or {@code https} URL.
     *
     * @throws IllegalArgumentException for every spelling that is invalid or that two readers could take for two hosts
     */
    static HostText of(String url) {
        if (url.length() > MAX_CHARS) {
            throw refused("it is longer than " + MAX_CHARS + " characters");
        }
        URI uri = parsed(url);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw refused("it must begin with https://");
        }
        if (uri.getRawUserInfo() != null
                || (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@"))) {
            throw refused("it carries a user name; send credentials in a header");
        }
        if (uri.getRawFragment() != null) {
            throw refused("it carries a #fragment; leave that out");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        if (port < 1 || port > 65_535) {
            throw refused("its port is not in 1..65535");
        }
        return new HostText(uri, host(uri.getHost()), port);
    }

    /** Whether the scheme is https. */
    boolean isEncrypted() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** Whether some readers of URLs would take this name for a number, as {@code 127.1}, {@code 0x7f.1}, {@code 10}. */
    static boolean endsInNumber(String host) {
        String last = host.substring(host.lastIndexOf('.') + 1);
        return last.matches("\\d+|0[xX][0-9a-fA-F]*");
    }

    private static URI parsed(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("URL refused: it is not well formed (" + e.getReason() + ")", e);
        }
    }

    private static String host(@Nullable String host) {
        if (host == null || host.isEmpty()) {
            throw refused("it has no host that can be read; write a name in plain ASCII letters, digits and hyphens"
                    + " (other letters as xn-- punycode), and an address as four decimal numbers");
        }
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.indexOf('%') >= 0) {
            throw refused("its address names a network interface; leave the %zone out");
        }
        if (lower.endsWith(".")) {
            throw refused("its host ends in a dot; leave that out");
        }
        boolean literal = AddressRange.address(lower).isPresent();
        if (!literal && (endsInNumber(lower) || lower.startsWith("["))) {
            throw refused("its host is an unusual spelling of an address; write four decimal numbers, as in 192.0.2.1");
        }
        return lower;
    }

    private static IllegalArgumentException refused(String reason) {
        return new IllegalArgumentException("URL refused: " + reason);
    }
}
