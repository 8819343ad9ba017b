package ai.robutler.portal.agent;

import ai.robutler.portal.Json;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.Times;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Agents as the portal tells of them. */
public final class AgentJson {
    private final Supplier<String> baseUrl;

    /** @param baseUrl how the addresses of agents begin, without a slash at the end */
    public AgentJson(Supplier<String> baseUrl) {
        this.baseUrl = baseUrl;
    }

    /** The agent for this caller: its instructions are null for those who may not read them. */
    public ObjectNode json(StoredAgent agent, PortalRequest request) {
        ObjectNode json = Json.object();
        StoredAgent.Profile profile = agent.profile();
        boolean told = agent.isPublic() || request.mayAct(agent.ownerId());
        json.put("id", agent.id());
        json.put("name", profile.name());
        json.put("description", profile.description().orElse(null));
        json.put("instructions", told ? profile.instructions() : null);
        json.put("model", profile.model().orElse(null));
        json.set("intents", Json.array(profile.intents()));
        json.put("canTalkToOtherAgents", agent.access().canTalkToOtherAgents());
        json.put("otherAgentsCanTalk", agent.access().otherAgentsCanTalk());
        json.put("isPublic", agent.isPublic());
        put(json, agent.pricing());
        put(json, agent.look());
        json.set("skills", profile.skills());
        json.set("tools", Json.array(profile.tools()));
        json.put("userId", agent.ownerId());
        json.put("ownerId", agent.ownerId());
        json.put("url", baseUrl.get() + "/" + profile.name());
        json.put("createdAt", Times.text(agent.createdAt()));
        json.put("updatedAt", Times.text(agent.updatedAt()));
        return json;
    }

    /** The answer about one agent: its fields in {@code agent}, and beside it. */
    public ObjectNode answer(StoredAgent agent, PortalRequest request) {
        ObjectNode answer = Json.object();
        ObjectNode json = json(agent, request);
        answer.set("agent", json);
        answer.setAll(json);
        return answer;
    }

    private static void put(ObjectNode json, StoredAgent.Pricing pricing) {
        json.put("creditsPerToken", amount(pricing.creditsPerToken()));
        json.put("creditsPerCall", amount(pricing.creditsPerCall()));
        json.put("minimumBalance", amount(pricing.minimumBalance()));
        json.put("agentPricingPercent", amount(pricing.agentPricingPercent()));
    }

    private static void put(ObjectNode json, StoredAgent.Look look) {
        json.put("avatarUrl", look.avatarUrl().orElse(null));
        json.put("greetingMessage", look.greetingMessage().orElse(null));
        json.put("greetingImageMobile", look.greetingImageMobile().orElse(null));
        json.put("greetingImageDesktop", look.greetingImageDesktop().orElse(null));
        json.set("suggestedActions", Json.array(look.suggestedActions()));
    }

    private static @Nullable BigDecimal amount(OptionalLong millionths) {
        return millionths.isEmpty() ? null : Json.credits(millionths.getAsLong());
    }
}
