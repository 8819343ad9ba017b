package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;

/** Says what a server's refusal, failure or silence means for whoever typed the command. */
final class Refusals {
    private static final int LONGEST_MESSAGE = 500;

    private final URI base;
    private final String key;
    private final Duration timeout;

    Refusals(URI base, String key, Duration timeout) {
        this.base = base;
        this.key = key;
        this.timeout = timeout;
    }

    /** For an answer that is none of success. */
    Failure of(int status, HttpHeaders headers, JsonNode body) {
        String said = said(body);
        if (status >= 500) {
            String after = headers.firstValue("Retry-After")
                    .map(wait -> " in " + wait + " s")
                    .orElse("");
            return new Failure(
                    ExitCode.UNAVAILABLE,
                    "the server failed (" + status + ")" + said + "; try again" + after + ", or look into its log");
        }
        if (status < 400) {
            return notOurs();
        }
        return new Failure(ExitCode.REFUSED, "the server refused (" + status + ")" + said + fix(status, headers));
    }

    /** For an answer that the portal does not give. */
    Failure notOurs() {
        return new Failure(ExitCode.UNAVAILABLE, base + " answers, but not as a Robutler portal does; check --url");
    }

    /** For no answer at all, or a part of one. */
    Failure unreachable(IOException failure) {
        if (failure instanceof HttpTimeoutException && !(failure instanceof HttpConnectTimeoutException)) {
            return new Failure(
                    ExitCode.UNAVAILABLE,
                    base + " did not answer within " + timeout.toMillis() + " ms; wait longer with --timeout");
        }
        return new Failure(
                ExitCode.UNAVAILABLE,
                "cannot reach " + base + " (" + reason(failure)
                        + "); start the server with 'robutler run', or name another with --url");
    }

    private String fix(int status, HttpHeaders headers) {
        return switch (status) {
            case 401 ->
                key.isEmpty()
                        ? "; give a key with --api-key-file or ROBUTLER_API_KEY"
                        : "; give a valid key with --api-key-file or ROBUTLER_API_KEY";
            case 402 -> "; add credits to the account";
            case 403 -> "; use the key of an admin, or of the owner";
            case 404 -> "; list what there is, or use its owner's key";
            case 409 -> "; choose another name, or change what is there";
            case 429 ->
                "; try again"
                        + headers.firstValue("Retry-After")
                                .map(wait -> " in " + wait + " s")
                                .orElse(" later");
            default -> "";
        };
    }

    private String said(JsonNode body) {
        JsonNode error = body.path("error");
        String text = error.isObject()
                ? error.path("message").asText()
                : body.path("message").asText(error.asText());
        if (text.isBlank()) {
            return "";
        }
        String safe = key.isEmpty() ? text : text.replace(key, "***");
        return ": " + Texts.cut(Texts.oneLine(safe), LONGEST_MESSAGE);
    }

    private static String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "no such host";
            }
            if (cause instanceof HttpConnectTimeoutException) {
                return "no answer";
            }
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? "connection refused or broken" : message;
    }
}
