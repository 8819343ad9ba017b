package ai.robutler.portal.intent;

import ai.robutler.portal.Json;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.Times;
import ai.robutler.portal.search.PhraseIndex;
import ai.robutler.portal.search.PhraseQuery;
import ai.robutler.portal.search.PhraseResult;
import ai.robutler.portal.search.SearchHealth;
import ai.robutler.portal.search.SearchMode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The {@code intentSearchApi} bean: finds intents by what they mean, and tells how that search is. */
public final class IntentSearchApi {
    private static final double ROUNDED = 10_000;

    private final IntentSearch search;
    private final PhraseIndex index;
    private final IntentJson json;
    private final BooleanSupplier loaded;
    private final Clock clock;

    /** @param loaded whether all intents are in memory */
    IntentSearchApi(IntentSearch search, PhraseIndex index, IntentJson json, BooleanSupplier loaded, Clock clock) {
        this.search = search;
        this.index = index;
        this.json = json;
        this.loaded = loaded;
        this.clock = clock;
    }

    /**
     * {@code POST /api/intents/search}: among all intents that have not expired, except those of other people's private
     * agents. Of those that are as near, to two decimals, the one with the higher rank comes first. With a place only
     * intents count that are offered within the radius. {@code mode} tells how texts were compared; {@code lexical} means
     * that the sentence model is not there, so that words decided.
     */
    public ObjectNode search(PortalRequest request) {
        IntentQuestion question = IntentQuestion.read(request.fields());
        IntentSearch.Found found = search.find(question, request);
        PhraseResult result = found.result();
        ObjectNode answer = IntentApi.success("Found " + found.hits().size() + " matching intents");
        answer.put("mode", result.mode());
        ObjectNode data = answer.putObject("data");
        ArrayNode results = data.putArray("results");
        ArrayNode agents = answer.putArray("agents");
        Set<String> told = new HashSet<>();
        for (IntentSearch.Hit hit : found.hits()) {
            ObjectNode entry = Json.object().put("similarity", rounded(hit.similarity()));
            entry.setAll(json.found(hit.intent()));
            results.add(entry);
            if (told.add(hit.intent().agentId() + "\n" + entry.path("url").asText())) {
                agents.add(agent(entry));
            }
        }
        data.put("mode", result.mode());
        ObjectNode debug = data.putObject("debug");
        debug.put("totalCandidates", result.totalCandidates());
        debug.put("threshold", result.threshold());
        debug.set("searchTypes", Json.array(searchTypes(result.mode())));
        debug.put("filteredByThreshold", result.filteredByThreshold());
        answer.set("results", results.deepCopy());
        return answer;
    }

    private static ObjectNode agent(ObjectNode result) {
        ObjectNode agent = Json.object();
        agent.set("agent_id", result.path("agent_id"));
        agent.set("confidence", result.path("similarity"));
        agent.set("url", result.path("url"));
        agent.set("intent", result.path("intent"));
        agent.set("description", result.path("agent_description"));
        return agent;
    }

    private static List<String> searchTypes(String mode) {
        return mode.equals("hybrid") ? List.of("vector", "text") : List.of(mode);
    }

    static double rounded(double similarity) {
        return Math.round(similarity * ROUNDED) / ROUNDED;
    }

    /** {@code GET /api/intents/health}; asking has the sentence model loaded, if nothing else has yet. */
    public ObjectNode health(PortalRequest request) {
        index.search(new PhraseQuery(IntentCatalog.COLLECTION, "", SearchMode.TEXT, 0, 1, id -> false));
        SearchHealth health = index.health();
        boolean starting = !loaded.getAsBoolean() && health.state() == SearchHealth.State.HEALTHY;
        SearchHealth.State state = starting ? SearchHealth.State.INITIALIZING : health.state();
        ObjectNode answer = Json.object();
        answer.put("status", state.name().toLowerCase(Locale.ROOT));
        answer.put("service", "intents");
        answer.put("embedding_provider", health.model().isEmpty() ? null : health.model());
        answer.put("collection", IntentCatalog.COLLECTION);
        answer.put("timestamp", Times.text(clock.millis()));
        answer.put("ready", state == SearchHealth.State.HEALTHY);
        answer.put("reason", health.reason().isEmpty() ? null : "The sentence model is not there; words decide");
        answer.put("phrases", health.phrases());
        answer.put("vectors", health.vectors());
        answer.put("waiting", health.waiting());
        return answer;
    }
}
