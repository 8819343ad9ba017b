package ai.robutler.gateway.portal;

import ai.robutler.api.portal.KeyOwner;
import ai.robutler.api.portal.PortalAgent;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What a portal's JSON says. Fails with 503 where it does not say what it must. */
final class RemoteAnswers {

    private RemoteAnswers() {}

    /** {@code GET /api/user}: the user, and beside it the key that was sent; a portal that does not tell the key limits none. */
    static KeyOwner keyOwner(JsonNode answer) {
        JsonNode user = answer.path("user");
        String userId = required(user, "id");
        JsonNode key = answer.path("key");
        JsonNode daily = key.path("dailyRateLimit");
        return new KeyOwner(
                text(key, "id").orElse("of-" + userId),
                userId,
                key.path("admin").asBoolean("admin".equals(user.path("role").asText())),
                text(key, "agentId"),
                Set.copyOf(names(key.path("allowedAgents"))),
                daily.canConvertToLong() ? OptionalLong.of(daily.asLong()) : OptionalLong.empty(),
                text(key, "expiresAt").map(RemoteAnswers::time),
                Set.copyOf(names(key.path("permissions"))));
    }

    /** {@code GET /api/agents/by-name/{name}}. */
    static PortalAgent agent(JsonNode answer) {
        JsonNode agent = answer.path("agent");
        return new PortalAgent(
                required(agent, "id"),
                required(agent, "name"),
                text(agent, "ownerId").orElseGet(() -> required(agent, "userId")),
                text(agent, "description"),
                required(agent, "instructions"),
                text(agent, "model").filter(model -> !model.isBlank()),
                new HashSet<>(names(agent.path("skills"))),
                names(agent.path("tools")),
                agent.path("isPublic").asBoolean(false),
                agent.path("otherAgentsCanTalk").asBoolean(true),
                new PortalAgent.Pricing(
                        amount(agent, "creditsPerToken"),
                        amount(agent, "creditsPerCall"),
                        amount(agent, "minimumBalance"),
                        amount(agent, "agentPricingPercent")));
    }

    /** The entries of a list of names, or of objects with one; the fields of an object. */
    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        if (node.isObject()) {
            node.fieldNames().forEachRemaining(names::add);
        }
        if (node.isArray()) {
            for (JsonNode entry : node) {
                String name = entry.isTextual()
                        ? entry.asText()
                        : entry.path("name")
                                .asText(entry.path("function").path("name").asText());
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static Optional<BigDecimal> amount(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isNumber() ? Optional.of(value.decimalValue()) : Optional.empty();
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.ofNullable(node.path(field).textValue());
    }

    private static String required(JsonNode node, String field) {
        return text(node, field)
                .orElseThrow(() -> RemotePortal.unavailable("the portal's answer has no '" + field + "'"));
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException broken) {
            throw RemotePortal.unavailable("the portal's answer has an 'expiresAt' that is no time");
        }
    }
}
