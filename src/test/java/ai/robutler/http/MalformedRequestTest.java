package ai.robutler.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.http.BadRequests.Bad;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RawHttp.Answers;
import ai.robutler.support.RawHttp.Ending;
import ai.robutler.support.RawHttp.Response;
import ai.robutler.support.RunningGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Thousands of bad requests, made from a seed that {@code -Dseed=} sets: each is refused as such, none does harm. */
final class MalformedRequestTest {
    private static final int REQUESTS = 2_500;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ON_ONE_CONNECTION = 50;
    private static final int SHOWN = 600;

    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    void everyBadRequest_isAnsweredWithAnError_andTheServerGoesOn() throws IOException {
        try (FakeModelServer model = new FakeModelServer();
                RunningGateway gateway = RunningGateway.start(
                        model,
                        "gateway.max-body-bytes",
                        String.valueOf(BadRequests.MAX_BODY_BYTES),
                        "gateway.max-header-bytes",
                        String.valueOf(BadRequests.MAX_HEADER_BYTES))) {
            BadRequests requests = new BadRequests(new Random(seed));
            Map<String, String> failures = new TreeMap<>();
            RawHttp connection = new RawHttp(gateway.port());
            try {
                int answered = 0;
                for (int i = 0; i < REQUESTS; i++) {
                    Bad bad = requests.next();
                    Answers answers = send(connection, bad, answered);
                    problems(bad, answers, answered)
                            .forEach(problem -> failures.putIfAbsent(
                                    problem + " at " + bad.name(), shown(bad) + " -> " + last(answers)));
                    boolean goesOn = answers.ending() == Ending.OPEN
                            && !bad.endsInput()
                            && keptAlive(answers)
                            && answers.responses().size() < ON_ONE_CONNECTION;
                    if (goesOn) {
                        answered = answers.responses().size();
                    } else {
                        connection.close();
                        connection = new RawHttp(gateway.port());
                        answered = 0;
                    }
                }
            } finally {
                connection.close();
            }
            assertThat(failures).as("seed %d", seed).isEmpty();
            assertThat(model.requests()).as("calls of the model, seed %d", seed).isZero();
            assertThat(gateway.chat("still there?").statusCode()).isEqualTo(200);
            assertThat(gateway.stream("still there?").body()).endsWith("data: [DONE]\n\n");
        }
    }

    /** Sends it and waits for one final answer more than there were. */
    private static Answers send(RawHttp connection, Bad bad, int before) throws IOException {
        try {
            connection.send(bad.bytes());
            if (bad.endsInput()) {
                connection.shutdownOutput();
            }
        } catch (IOException refusedEarly) {
            // the answer is there already
        }
        Answers answers = connection.receive(before + 1, PATIENCE);
        boolean interim = answers.responses().size() > before && last(answers).status() < 200;
        if (interim) {
            answers = connection.receive(before + 2, PATIENCE);
        }
        return answers;
    }

    /** What is wrong with the answer; a request that breaks off may also be closed on without one. */
    private static List<String> problems(Bad bad, Answers answers, int before) {
        if (answers.responses().size() > before) {
            return RefusedAnswer.problems(last(answers), bad.toHead());
        }
        return bad.endsInput() && answers.ending() != Ending.OPEN ? List.of() : List.of("no answer");
    }

    private static boolean keptAlive(Answers answers) {
        return !last(answers)
                .header("Connection")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .equals("close");
    }

    private static Response last(Answers answers) {
        List<Response> all = answers.responses();
        return all.isEmpty() ? new Response(999, Map.of(), "") : all.get(all.size() - 1);
    }

    private static String shown(Bad bad) {
        String text = new String(bad.bytes(), StandardCharsets.ISO_8859_1);
        return "(" + shortened(bad.name()) + ") " + shortened(text);
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "... " + text.length() + " characters";
    }
}
