package ai.robutler.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.FakeModelServer;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RunningGateway;
import org.junit.jupiter.api.Test;

/** The shortest way through the whole gateway. */
final class FirstAnswerTest {
    private final OpenApiContract contract = OpenApiContract.load();

    @Test
    void chat_answersWhatTheModelSays_wholeAndStreamed() {
        try (FakeModelServer model = new FakeModelServer();
                RunningGateway gateway = RunningGateway.start(model)) {
            var whole = gateway.chat("Hello!");
            assertThat(whole.statusCode()).isEqualTo(200);
            assertThat(whole.body()).contains("How can I help you today?");
            contract.check(whole);

            var stream = gateway.stream("Hello!");
            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.body()).endsWith("data: [DONE]\n\n");
            contract.check(stream);
        }
    }
}
