package ai.robutler.gateway.agent;

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
 * @param isPublic whether its instructions may be quoted
 */
public record Agent(
        String name,
        Optional<String> description,
        String instructions,
        Optional<String> model,
        List<String> fallbackModels,
        Set<String> skills,
        boolean isPublic) {

    private static final int SHORT = 100;

    /** Copies the collections. */
    public Agent {
        fallbackModels = List.copyOf(fallbackModels);
        skills = Set.copyOf(skills);
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
