package ai.robutler.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.gateway.chat.ChatRequest;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ModelPlanTest {
    private static final ModelTarget A = new ModelTarget(ModelCatalogTest.provider("a", 1, ""), "m");
    private static final ModelTarget B = new ModelTarget(ModelCatalogTest.provider("b", 1, ""), "m");
    private static final ModelTarget C = new ModelTarget(ModelCatalogTest.provider("c", 1, ""), "spare");

    @Test
    void oneProvider_isTriedAgainAfterAMoment_thenTheFallback() {
        assertThat(tries(List.of(A), List.of(C), 2, List.of())).containsExactly("a", "wait a", "wait a", "c");
    }

    @Test
    void twoProviders_takeTurns() {
        assertThat(tries(List.of(A, B), List.of(), 2, List.of())).containsExactly("a", "wait b", "wait a");
    }

    @Test
    void noRetries_isOneTry() {
        assertThat(tries(List.of(A), List.of(), 0, List.of())).containsExactly("a");
    }

    @Test
    void deadProvider_isNotAskedAgain() {
        assertThat(tries(List.of(A, B), List.of(C), 3, List.of(A))).containsExactly("a", "wait b", "wait b", "c");
        assertThat(tries(List.of(A), List.of(C), 2, List.of(A))).containsExactly("a", "c");
    }

    /** The providers in the order in which they are asked, each time in vain. */
    private static List<String> tries(
            List<ModelTarget> own, List<ModelTarget> fallbacks, int retries, List<ModelTarget> dead) {
        ChatRequest request = new ChatRequest(JsonNodeFactory.instance.objectNode(), false, false, Optional.empty());
        ModelPlan plan = new ModelPlan(request, "", own, fallbacks, retries);
        List<String> tries = new ArrayList<>();
        boolean more = true;
        while (more) {
            String name = plan.target().provider().name();
            tries.add(!tries.isEmpty() && plan.waits() ? "wait " + name : name);
            more = plan.advance(dead.contains(plan.target()));
        }
        return tries;
    }
}
