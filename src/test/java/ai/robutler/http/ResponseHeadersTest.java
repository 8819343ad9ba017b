package ai.robutler.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseHeadersTest {
    private final ResponseHeaders headers = new ResponseHeaders(List.of("Retry-After", "X-*", "Connection"));

    @ParameterizedTest
    @ValueSource(strings = {"Retry-After", "retry-after", "X-RateLimit-Limit-Day", "x-anything", "Content-Type"})
    void listedName_isSent_inAnyCase(String name) {
        assertThat(headers.allows(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Set-Cookie", "Retry-After-All", "XX", "CamelHttpPath", "Server", ""})
    void otherName_staysInside(String name) {
        assertThat(headers.allows(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Payment-Token",
                "x-payment",
                "PAYMENT-SIGNATURE",
                "X-API-Key",
                "Authorization",
                "Cookie",
                "X-User-ID",
                "X-Origin-User-ID",
                "X-Peer-User-ID",
                "X-Agent-Owner-User-ID",
                "X-Forwarded-For",
                "X-Request-ID",
                "Transfer-Encoding",
                "Content-Length",
                "Connection"
            })
    void nameOfASecretOrAnIdentity_isNeverSent_whateverTheListSays(String name) {
        assertThat(headers.allows(name)).isFalse();
    }
}
