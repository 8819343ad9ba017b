package ai.robutler.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;

/**
 * Which headers of a message go out with the answer. Camel would send every header that the message still has, what the
 * caller sent and what some service answered included; here only the listed ones leave.
 */
final class ResponseHeaders {
    /** Names that only requests have; a secret or an identity must not be reflected, whatever the list says. */
    private static final Set<String> NEVER = Set.of(
            "x-payment-token",
            "x-payment",
            "payment-signature",
            "x-api-key",
            "authorization",
            "cookie",
            "x-user-id",
            "x-origin-user-id",
            "x-peer-user-id",
            "x-agent-owner-user-id",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-request-id",
            "transfer-encoding",
            "content-length",
            "connection");

    private final Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final List<String> prefixes = new ArrayList<>();

    ResponseHeaders(List<String> allowed) {
        for (String name : allowed) {
            if (name.endsWith("*")) {
                prefixes.add(name.substring(0, name.length() - 1).toLowerCase(Locale.ROOT));
            } else {
                names.add(name);
            }
        }
        names.add(Exchange.CONTENT_TYPE);
    }

    /** Whether a header of this name is sent. */
    boolean allows(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (NEVER.contains(lower)) {
            return false;
        }
        return names.contains(name) || prefixes.stream().anyMatch(lower::startsWith);
    }
}
