package ai.robutler.portal.intent;

import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads which part of a list is asked for with a POST: in the query or in the body. */
final class IntentPage {

    private IntentPage() {}

    /** The page; what stands in the query counts. Fails with 400. */
    static Page of(PortalRequest request) {
        Map<String, List<String>> query = new HashMap<>();
        for (String name : List.of("limit", "offset", "cursor")) {
            JsonNode sent = request.body().path(name);
            if (sent.isValueNode() && !sent.isNull()) {
                query.put(name, List.of(sent.asText()));
            }
        }
        query.putAll(request.query());
        return Page.of(new PortalRequest(
                request.method(),
                request.path(),
                request.pathParameters(),
                query,
                request.body(),
                request.caller(),
                request.idempotencyKey(),
                request.seal(),
                request.requestId()));
    }
}
