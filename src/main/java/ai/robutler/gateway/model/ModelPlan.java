package ai.robutler.gateway.model;

import ai.robutler.gateway.chat.ChatRequest;
import ai.robutler.gateway.chat.ModelRequest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The tries that one request has: the model's own providers first, a few times in turn, then each fallback model once.
 * Used by one exchange, one step at a time.
 */
public final class ModelPlan {
    private final ChatRequest request;
    private final String instructions;
    private final Deque<Attempt> attempts = new ArrayDeque<>();

    /**
     * @param own who serves the agent's own model, at least one
     * @param fallbacks who serves its fallback models
     * @param retries tries after the first
     */
    ModelPlan(
            ChatRequest request, String instructions, List<ModelTarget> own, List<ModelTarget> fallbacks, int retries) {
        this.request = request;
        this.instructions = instructions;
        for (int i = 0; i <= retries; i++) {
            attempts.add(new Attempt(own.get(i % own.size()), i > 0));
        }
        fallbacks.forEach(target -> attempts.add(new Attempt(target, false)));
    }

    /** Who is to be asked now. */
    public ModelTarget target() {
        return attempts.getFirst().target();
    }

    /** The caller's request. */
    public ChatRequest request() {
        return request;
    }

    /** The request as the present target is asked. */
    public ObjectNode modelRequest() {
        return ModelRequest.of(request, instructions, target().model());
    }

    /**
     * Gives up the present target, and every further try of it when it is not worth one.
     *
     * @param dead whether the present provider is out of the question for this request
     * @return whether there is another try
     */
    boolean advance(boolean dead) {
        Attempt failed = attempts.removeFirst();
        if (dead) {
            attempts.removeIf(attempt -> attempt.target().equals(failed.target()));
        }
        return !attempts.isEmpty();
    }

    /** Whether the next try repeats a model, and so waits a moment before. */
    boolean waits() {
        return attempts.getFirst().repeated();
    }

    private record Attempt(ModelTarget target, boolean repeated) {}
}
