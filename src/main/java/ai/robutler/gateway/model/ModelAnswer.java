package ai.robutler.gateway.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpClientResponse;

/** What a model has begun to answer. */
public sealed interface ModelAnswer {

    /** Who answers. */
    ModelTarget target();

    /**
     * A whole answer.
     *
     * @param completion the provider's chat completion, as sent
     */
    record Whole(ModelTarget target, ObjectNode completion) implements ModelAnswer {}

    /**
     * A stream whose first event is there.
     *
     * @param response the provider's response, paused
     * @param events holds what has been received of the stream
     * @param breakage tells when the connection is gone before the answer has ended
     */
    record Stream(ModelTarget target, HttpClientResponse response, SseSplitter events, Breakage breakage)
            implements ModelAnswer {}
}
