package ai.robutler.gateway.operations;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** The {@code notFound} bean: what a request is told that no route takes. */
public final class NotFound {

    /** Always fails: 405 when the path takes other methods, else 404. */
    public void refuse(@Nullable @Header("Allow") String allow) {
        if (allow != null) {
            throw ApiException.of(ErrorCode.METHOD_NOT_ALLOWED, "The method is not allowed here; allowed are " + allow)
                    .withHeader("Allow", allow);
        }
        throw ApiException.of(ErrorCode.NOT_FOUND, "No such endpoint; GET / lists them");
    }
}
