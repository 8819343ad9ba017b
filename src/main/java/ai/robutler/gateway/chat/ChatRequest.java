package ai.robutler.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A chat-completions request that has been checked.
 *
 * @param body the request as sent, without explicit nulls; not to be changed
 * @param stream whether the answer is wanted as events
 * @param includeUsage whether {@code stream_options.include_usage} is set
 * @param model the {@code model} field: the agent's name, or whatever the client likes to read back
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">OpenAI: create chat completion</a>
 */
public record ChatRequest(ObjectNode body, boolean stream, boolean includeUsage, Optional<String> model) {

    /** The messages, at least one. */
    public JsonNode messages() {
        return body.path("messages");
    }
}
