package ai.robutler.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TrustedProxiesTest {
    private final TrustedProxies proxies = new TrustedProxies(List.of("10.0.0.0/8", "192.0.2.1", "fd00::/8"));

    @ParameterizedTest
    @CsvSource({
        "203.0.113.1, 198.51.100.1, 203.0.113.1",
        "10.0.0.1, 198.51.100.1, 198.51.100.1",
        "192.0.2.1, 198.51.100.1, 198.51.100.1",
        "192.0.2.2, 198.51.100.1, 192.0.2.2",
        "fd00::1, 2001:db8::1, 2001:db8::1",
        "0:0:0:0:0:ffff:a00:1, 198.51.100.1, 198.51.100.1",
        "10.0.0.1, '1.1.1.1, 198.51.100.1', 198.51.100.1",
        "10.0.0.1, '198.51.100.1, 10.9.9.9', 198.51.100.1",
        "10.0.0.1, '10.1.1.1, 10.2.2.2', 10.1.1.1",
        "10.0.0.1, '', 10.0.0.1",
        "10.0.0.1, 'unknown', 10.0.0.1",
        "10.0.0.1, '198.51.100.1, localhost', 10.0.0.1",
        "10.0.0.1, '198.51.100.1, 1.2.3.999', 10.0.0.1",
        "10.0.0.1, '198.51.100.1, abc.def.a.b', 10.0.0.1",
        "10.0.0.1, '198.51.100.1, 2130706433', 10.0.0.1",
        "10.0.0.1, '198.51.100.1, 0177.0.0.1', 10.0.0.1",
        "unknown, 198.51.100.1, unknown"
    })
    void callerAddress_isTheFirstStrangerFromTheRight(String socket, String forwarded, String caller) {
        assertThat(proxies.callerAddress(socket, List.of(forwarded))).isEqualTo(caller);
    }

    @Test
    void severalHeaders_areOneList() {
        assertThat(proxies.callerAddress("10.0.0.1", List.of("1.1.1.1", "198.51.100.1, 10.0.0.2")))
                .isEqualTo("198.51.100.1");
    }

    @Test
    void withoutProxies_nothingIsBelieved() {
        assertThat(new TrustedProxies(List.of()).callerAddress("10.0.0.1", List.of("198.51.100.1")))
                .isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0", "10.0.0.256", "*", "::1/129", "/8"})
    void otherEntry_isAnErrorThatNamesTheSetting(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrustedProxies(List.of(entry)))
                .withMessageContainingAll("gateway.trusted-proxies", "'" + entry + "'", "10.0.0.0/8");
    }
}
