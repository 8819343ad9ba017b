package ai.robutler.gateway.operations;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.http.HttpCall;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** The {@code notFound} bean: what a request is told that no route takes. */
public final class NotFound {
    private final String portal;

    /** @param portal where the portal is; empty when this server is one */
    public NotFound(String portal) {
        this.portal = portal;
    }

    /** Always fails: 405 when the path takes other methods, else 404. */
    public void refuse(@Nullable @Header("Allow") String allow, Exchange exchange) {
        if (allow != null) {
            throw ApiException.of(ErrorCode.METHOD_NOT_ALLOWED, "The method is not allowed here; allowed are " + allow)
                    .withHeader("Allow", allow);
        }
        if (!portal.isEmpty() && HttpCall.of(exchange).path().startsWith("/api/")) {
            throw ApiException.of(ErrorCode.NOT_FOUND, "This server is no portal; the portal is at " + portal);
        }
        throw ApiException.of(ErrorCode.NOT_FOUND, "No such endpoint; GET / lists them");
    }
}
