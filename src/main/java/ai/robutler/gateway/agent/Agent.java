package ai.robutler.gateway.agent;

import ai.robutler.api.portal.PortalAgent;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A named assistant that is served as an endpoint.
 *
 * @param name its name in lower case, see {@link ai.robutler.api.AgentName}
 * @param description what it is good for; empty when it has none
 * @param instructions the system prompt that it gives to its model; never told of a non-public agent
 * @param model the model that it asks for; empty means the default provider's
 * @param fallbackModels models that are tried in turn when the first cannot answer
 * @param skills what it has beside its model, such as {@code auth}
 * @param isPublic whether its instructions may be quoted, and whether everybody may find one of the portal's
 * @param portal the same as the portal told it; empty for a static agent
 */
public record Agent(
        String name,
        Optional<String> description,
        String instructions,
        Optional<String> model,
        List<String> fallbackModels,
        Set<String> skills,
        boolean isPublic,
        Optional<PortalAgent> portal) {

    private static final int SHORT = 100;

    /** Copies the collections. */
    public Agent {
        fallbackModels = List.copyOf(fallbackModels);
        skills = Set.copyOf(skills);
    }

    /** A dynamic agent. */
    static Agent of(PortalAgent agent) {
        return new Agent(
                agent.name(),
                agent.description(),
                agent.instructions(),
                agent.model(),
                List.of(),
                agent.skills(),
                agent.isPublic(),
                Optional.of(agent));
    }

    /** Whether it is one of the portal's, and belongs to that user. */
    public boolean isOwnedBy(String userId) {
        return portal.map(agent -> agent.ownerId().equals(userId)).orElse(false);
    }

    /** The user that it belongs to; empty for a static agent. */
    public Optional<String> ownerId() {
        return portal.map(PortalAgent::ownerId);
    }

    /** Whether callers need an API key. */
    public boolean needsKey() {
        return skills.contains("auth");
    }

    /** The first 100 characters of the description, or of a public agent's instructions; empty when it has neither. */
    public String shortDescription() {
        String text = description.orElse(isPublic ? instructions : "").strip();
        if (text.length() <= SHORT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(SHORT - 1)) ? SHORT - 1 : SHORT;
        return text.substring(0, end);
    }
}
