package ai.robutler.portal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chat completions under {@code /api/agents}, which are the gateway's. */
@ParameterizedClass
@EnumSource(Store.class)
final class AgentChatTest {
    private final RunningPortal portal;

    AgentChatTest(Store store) {
        portal = RunningPortal.shared(store);
    }

    private HttpResponse<String> chat(String agent, boolean stream) {
        return portal.call(
                portal.adminKey(),
                "POST",
                "/api/agents/" + agent + "/chat/completions",
                RunningGateway.message("hi", stream));
    }

    @Test
    void chat_byName_isTheGateways() {
        HttpResponse<String> answer = chat("assistant", false);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Json.of(answer).path("object").asText()).isEqualTo("chat.completion");
    }

    @Test
    void chat_thatIsStreamed_isTheGateways() {
        assertThat(chat("assistant", true).body()).endsWith("data: [DONE]\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such", "0193a0a0-0000-7000-8000-000000000000"})
    void chat_withAnAgentThatIsNotThere_isTheGateways404(String agent) {
        HttpResponse<String> answer = chat(agent, false);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Json.of(answer).at("/error/code").asText()).isEqualTo("agent_not_found");
    }
}
