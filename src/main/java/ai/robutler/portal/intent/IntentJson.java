package ai.robutler.portal.intent;

import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import ai.robutler.portal.Times;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** Intents as the portal tells of them: in {@code data} and beside it, as clients of both generations look there. */
final class IntentJson {
    private static final long MILLIS = 1_000;

    private final UnaryOperator<String> agentUrl;

    /** @param agentUrl the address of the agent of this portal that has that name */
    IntentJson(UnaryOperator<String> agentUrl) {
        this.agentUrl = agentUrl;
    }

    /** The answer to one that was published. */
    ObjectNode created(Intent intent) {
        ObjectNode answer = IntentApi.success("The intent is published");
        answer.putObject("data").put("intent_id", intent.id());
        answer.setAll(entry(intent));
        return answer;
    }

    /** The answer to a list that was published. */
    ObjectNode created(List<Intent> intents) {
        ObjectNode answer = IntentApi.success(intents.size() + " intents are published");
        ArrayNode entries = entries(intents);
        ObjectNode data = answer.putObject("data");
        data.put("intent_id", intents.get(0).id());
        data.set("intents", entries);
        answer.set("intents", entries.deepCopy());
        answer.set("results", results(intents));
        return answer;
    }

    /** The answer to publish. */
    ObjectNode published(List<Intent> intents) {
        ObjectNode answer = IntentApi.success(intents.size() + " intents are published");
        answer.set("results", results(intents));
        return answer;
    }

    /** The answer to list. */
    ObjectNode listed(Page page, List<Intent> rows) {
        ObjectNode answer = IntentApi.success("These intents are published");
        page.write(answer, "intents", rows, this::entry, Intent::id);
        answer.putObject("data").set("intents", answer.path("intents").deepCopy());
        return answer;
    }

    /** The answer to delete. */
    ObjectNode deleted(String id, int count) {
        ObjectNode answer = IntentApi.success("The intent is deleted");
        answer.putObject("data").put("deleted_count", count).put("intent_id", id);
        return answer.put("deleted_count", count).put("intent_id", id);
    }

    /** What a search tells of an intent, beside how near it is. */
    ObjectNode found(Intent intent) {
        Terms terms = intent.terms();
        ObjectNode json = Json.object();
        json.put("id", intent.id());
        json.put("intent", terms.intent());
        json.put("agent_id", intent.agentId());
        json.put("agent_description", terms.description().orElse(null));
        json.put("rank", terms.rank());
        json.put("url", url(intent));
        json.put("protocol", terms.protocol());
        json.put("subpath", terms.subpath());
        json.put("latitude", terms.place().map(Place::latitude).orElse(null));
        json.put("longitude", terms.place().map(Place::longitude).orElse(null));
        return json;
    }

    private ObjectNode entry(Intent intent) {
        ObjectNode json = found(intent);
        json.remove("id");
        OptionalLong expiry = intent.times().expiresAt();
        json.put("intent_id", intent.id());
        json.put("user_id", intent.userId());
        json.put("created_at", Times.text(intent.times().createdAt()));
        json.put("expires_at", expiry.isEmpty() ? null : Long.valueOf(expiry.getAsLong() / MILLIS));
        json.put("has_location", intent.terms().place().isPresent());
        return json;
    }

    private ArrayNode entries(List<Intent> intents) {
        ArrayNode entries = Json.array(List.of());
        intents.forEach(intent -> entries.add(entry(intent)));
        return entries;
    }

    private static ArrayNode results(List<Intent> intents) {
        ArrayNode results = Json.array(List.of());
        intents.forEach(intent -> results.addObject()
                .put("intent_id", intent.id())
                .put("intent", intent.terms().intent())
                .put("success", true));
        return results;
    }

    private String url(Intent intent) {
        return intent.terms()
                .url()
                .orElseGet(() ->
                        intent.ofAgent().map(AgentFacts::name).map(agentUrl).orElse(""));
    }
}
