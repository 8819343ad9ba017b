package ai.robutler.portal.intent;

import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import com.fasterxml.jackson.databind.JsonNode;

/** Waits for the background work of a portal. */
final class IntentsReady {

    private IntentsReady() {}

    /** Returns as soon as searches go by meaning, over all that is stored. */
    static void await(RunningPortal portal) {
        RunningGateway.await("searches go by meaning", () -> {
            JsonNode health = portal.ok(portal.adminKey(), "GET", "/api/intents/health", "");
            return health.path("ready").asBoolean() && health.path("waiting").asInt() == 0;
        });
    }
}
