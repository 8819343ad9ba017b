package ai.robutler.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 203.0.113.9",
        "2001:db8:1:2::9, 2001:db8:1:0:0:0:0:0/56",
        "2001:db8:1:ff::, 2001:db8:1:0:0:0:0:0/56",
        "2001:db8:1:100::, 2001:db8:1:100:0:0:0:0/56",
        "fe80:0:0:0:0:0:0:1%eth0, fe80:0:0:0:0:0:0:0/56",
        "::ffff:203.0.113.9, 203.0.113.9",
        "2001:db8:1:0:0:0:0:0/56, 2001:db8:1:0:0:0:0:0/56",
        "2001:db8:1::/56, 2001:db8:1:0:0:0:0:0/56",
        "unknown, unknown",
        "a:b, a:b"
    })
    void subscriber_isTheAddress_orOfIpv6ItsBlock(String address, String subscriber) {
        assertThat(AddressRange.subscriber(address)).isEqualTo(subscriber);
    }

    @ParameterizedTest
    @ValueSource(strings = {"256.1.1.1", "1.2.3.999", "01.2.3.4", "1.2.3", "localhost", "abc.def.a.b", "", "1.2.3.4.5"})
    void otherText_isNoAddress_andIsNotLookedUp(String text) {
        assertThat(AddressRange.address(text)).isEmpty();
    }
}
