package ai.robutler.portal;

import ai.robutler.portal.store.Database;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/** The {@code portalStatus} bean: how the portal is, and what it can do. */
public final class PortalStatus {
    private final Database database;
    private final BooleanSupplier semanticSearch;
    private final String version;
    private final Clock clock;

    /**
     * The status of a portal on this database.
     *
     * @param semanticSearch whether searches go by meaning just now
     */
    public PortalStatus(Database database, BooleanSupplier semanticSearch, String version, Clock clock) {
        this.database = database;
        this.semanticSearch = semanticSearch;
        this.version = version;
        this.clock = clock;
    }

    /** {@code GET /api/health}. Fails with 503 when the database cannot be read. */
    public ObjectNode health(PortalRequest request) {
        database.read(
                handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one());
        ObjectNode answer = Json.object();
        answer.put("status", "healthy");
        answer.put("version", version);
        answer.put("timestamp", Times.text(clock.millis()));
        return answer;
    }

    /** {@code GET /api/config}. */
    public ObjectNode config(PortalRequest request) {
        ObjectNode answer = Json.object();
        answer.put("version", version);
        answer.put("currency", "credits");
        ObjectNode features = answer.putObject("features");
        features.put("agents", true);
        features.put("intents", true);
        features.put("semanticSearch", semanticSearch.getAsBoolean());
        features.put("content", true);
        features.put("paymentTokens", false);
        features.put("x402", false);
        return answer;
    }
}
