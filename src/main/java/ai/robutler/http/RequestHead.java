package ai.robutler.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a request's first line and headers must be, so that every proxy in front reads them as we do (RFC 9112). */
final class RequestHead {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._~-]+)(:[0-9]{0,5})?");
    private static final String OPTIONS_OF_ALL = "*";

    private RequestHead() {}

    /** Why the request must be refused; null when it may be answered. */
    @SuppressWarnings("ReferenceEquality") // http/1.1 in small letters is equal to HTTP/1.1, and not the same
    static @Nullable String fault(HttpVersion version, String target, HttpHeaders headers) {
        boolean old = version == HttpVersion.HTTP_1_0;
        if (version != HttpVersion.HTTP_1_1 && !old) {
            return "not HTTP/1.0 or HTTP/1.1";
        }
        if (!isTarget(target)) {
            return "the target is neither a path nor an http address";
        }
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().isEmpty()) {
                return "a header without a name";
            }
        }
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty() ? !old : hosts.size() > 1 || !isHost(hosts.get(0))) {
            return "not one Host";
        }
        List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!encodings.isEmpty()
                && (old || encodings.size() > 1 || !encodings.get(0).equalsIgnoreCase("chunked"))) {
            return "a Transfer-Encoding other than chunked";
        }
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        return lengths.isEmpty() || (lengths.size() == 1 && isDigits(lengths.get(0))) ? null : "not one Content-Length";
    }

    private static boolean isTarget(String target) {
        if (!target.startsWith("/")
                && !target.startsWith("http://")
                && !target.startsWith("https://")
                && !target.equals(OPTIONS_OF_ALL)) {
            return false;
        }
        return target.chars().allMatch(c -> c > ' ' && c < 127);
    }

    private static boolean isHost(String host) {
        return HOST.matcher(host).matches();
    }

    private static boolean isDigits(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
