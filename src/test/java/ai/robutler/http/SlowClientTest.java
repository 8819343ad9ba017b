package ai.robutler.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.FakeModelServer;
import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RawHttp.Answers;
import ai.robutler.support.RawHttp.Ending;
import ai.robutler.support.RunningGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Clients that take their time: their connections end, and nobody else notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SlowClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONGER_THAN_IDLE = Duration.ofMillis(1_500);
    private static final int CROWD = 200;
    private static final String HEAD =
            "POST /assistant/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n";
    private static final String BODY = RunningGateway.message("Hello!", false);
    private static final String LENGTH = "Content-Length: " + BODY.length() + "\r\n";
    private static final String GOOD = HEAD + LENGTH + "\r\n" + BODY;

    private final FakeModelServer model = new FakeModelServer();
    private final RunningGateway gateway = RunningGateway.start(
            model, "gateway.header-timeout", "600ms", "gateway.body-timeout", "600ms", "gateway.idle-timeout", "700ms");

    @BeforeEach
    void forget() {
        model.reset();
    }

    @AfterAll
    void close() {
        gateway.close();
        model.close();
    }

    @Test
    void halfAHeader_isClosedWithoutAnAnswer() throws IOException {
        assertClosedSilently(RawHttp.exchange(gateway.port(), HEAD + "X-Half: ", PATIENCE));
    }

    @Test
    void aClientThatSendsNothing_isClosed() throws IOException {
        assertClosedSilently(RawHttp.exchange(gateway.port(), "", PATIENCE));
    }

    /** Each byte comes long before any timeout: it is the whole header that has a limit. */
    @Test
    void aHeaderThatIsDribbled_isClosedBeforeItsEnd() throws IOException {
        try (RawHttp connection = new RawHttp(gateway.port())) {
            connection.send(HEAD);
            int sent = 0;
            Answers answers = connection.receive(Duration.ofMillis(20));
            while (answers.ending() == Ending.OPEN && sent < 1_000) {
                sent++;
                answers = dribble(connection);
            }
            assertThat(answers.ending()).isNotEqualTo(Ending.OPEN);
            assertThat(answers.responses()).isEmpty();
        }
    }

    private static Answers dribble(RawHttp connection) throws IOException {
        try {
            connection.send("x");
            return connection.receive(Duration.ofMillis(20));
        } catch (IOException closed) {
            return new Answers(List.of(), "", Ending.RESET);
        }
    }

    @Test
    void halfABody_is408AndTheClose() throws IOException {
        assertTooSlow(RawHttp.exchange(gateway.port(), HEAD + LENGTH + "\r\n{\"mess", PATIENCE));
        assertTooSlow(
                RawHttp.exchange(gateway.port(), HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"mes\r\n", PATIENCE));
        assertThat(model.requests()).isZero();
    }

    @Test
    void aBodyThatWasInvited_is408WhenItDoesNotCome() throws IOException {
        Answers answers = RawHttp.exchange(gateway.port(), HEAD + LENGTH + "Expect: 100-continue\r\n\r\n", PATIENCE);
        assertThat(answers.statuses()).containsExactly(100, 408);
        assertThat(answers.ending()).isNotEqualTo(Ending.OPEN);
    }

    @Test
    void anIdleConnection_isClosedAfterItsAnswers() throws IOException {
        try (RawHttp connection = new RawHttp(gateway.port())) {
            connection.send(GOOD);
            assertThat(connection.receive(1, PATIENCE).statuses()).containsExactly(200);
            connection.send(GOOD);
            Answers all = connection.receive(PATIENCE);
            assertThat(all.statuses()).containsExactly(200, 200);
            assertThat(all.ending()).isEqualTo(Ending.CLOSED);
            assertThat(all.rest()).isEmpty();
        }
    }

    @Test
    void halfAHeaderOnAUsedConnection_isClosedToo() throws IOException {
        try (RawHttp connection = new RawHttp(gateway.port())) {
            connection.send(HEAD + LENGTH + "Expect: 100-continue\r\n\r\n");
            assertThat(connection.receive(1, PATIENCE).statuses()).containsExactly(100);
            connection.send(BODY);
            assertThat(connection.receive(2, PATIENCE).statuses()).containsExactly(100, 200);
            connection.send(HEAD);
            Answers answers = connection.receive(PATIENCE);
            assertThat(answers.ending()).isEqualTo(Ending.CLOSED);
            assertThat(answers.statuses()).containsExactly(100, 200);
        }
    }

    @Test
    void aSlowAnswer_isNotIdle() throws IOException {
        model.behave(Behaviour.DEFAULT.withDelayBeforeHeaders(LONGER_THAN_IDLE));
        try (RawHttp connection = new RawHttp(gateway.port())) {
            connection.send(GOOD + GOOD);
            assertThat(connection.receive(2, PATIENCE).statuses()).containsExactly(200, 200);
        }
        try (RawHttp invited = new RawHttp(gateway.port())) {
            invited.send(HEAD + LENGTH + "Expect: 100-continue\r\n\r\n");
            assertThat(invited.receive(1, PATIENCE).statuses()).containsExactly(100);
            invited.send(BODY);
            assertThat(invited.receive(2, PATIENCE).statuses()).containsExactly(100, 200);
        }
    }

    @Test
    void aStreamWithSilence_isNotIdle() {
        model.behave(Behaviour.DEFAULT.withChunks("a", "b").withGap(Duration.ofMillis(900)));
        assertThat(gateway.stream("Hello!").body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void aCrowdOfSlowClients_keepsNobodyElseWaiting() throws IOException {
        List<RawHttp> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < CROWD; i++) {
                RawHttp connection = new RawHttp(gateway.port());
                crowd.add(connection);
                connection.send(List.of("", HEAD, HEAD + LENGTH + "\r\n{").get(i % 3));
            }
            assertThat(gateway.chat("Hello!").statusCode()).isEqualTo(200);
            assertThat(gateway.stream("Hello!").body()).endsWith("data: [DONE]\n\n");
            for (RawHttp connection : crowd) {
                assertThat(connection.receive(PATIENCE).ending()).isNotEqualTo(Ending.OPEN);
            }
            assertThat(gateway.chat("Hello!").statusCode()).isEqualTo(200);
        } finally {
            for (RawHttp connection : crowd) {
                connection.close();
            }
        }
    }

    private static void assertClosedSilently(Answers answers) {
        assertThat(answers.ending()).isNotEqualTo(Ending.OPEN);
        assertThat(answers.responses()).isEmpty();
        assertThat(answers.rest()).isEmpty();
    }

    private static void assertTooSlow(Answers answers) {
        assertThat(answers.statuses()).containsExactly(408);
        assertThat(RefusedAnswer.problems(answers.responses().get(0), false)).isEmpty();
        assertThat(answers.responses().get(0).body()).contains("\"request_timeout\"");
        assertThat(answers.responses().get(0).header("Connection")).contains("close");
        assertThat(answers.ending()).isNotEqualTo(Ending.OPEN);
    }
}
