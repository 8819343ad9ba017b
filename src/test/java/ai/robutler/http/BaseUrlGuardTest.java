package ai.robutler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BaseUrlGuardTest {
    private static final Map<String, List<String>> NAMES = Map.of(
            "api.example.com", List.of("93.184.216.34", "2606:2800:220:1::1"),
            "xn--exmple-cua.com", List.of("93.184.216.34"),
            "localhost", List.of("127.0.0.1", "::1"),
            "ollama.lan", List.of("192.168.1.20"),
            "metadata.google.internal", List.of("169.254.169.254"),
            "half.example.com", List.of("93.184.216.34", "10.0.0.1"),
            "six.example.com", List.of("fd12::1"),
            "nowhere.example.com", List.of());

    private final BaseUrlGuard guard = guard();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.com",
                "https://api.example.com/v1",
                "HTTPS://API.EXAMPLE.COM:8443/v1?region=eu",
                "https://xn--exmple-cua.com/v1",
                "https://8.8.8.8/v1",
                "https://172.15.255.255/",
                "https://172.32.0.0/",
                "https://100.63.255.255/",
                "https://100.128.0.0/",
                "https://[2606:4700:4700::1111]/v1",
                "https://[64:ff9b::808:808]/",
                "https://[2002:808:808::1]/",
                "https://[::ffff:8.8.8.8]/",
            })
    void check_publicHttps_isPermitted(String url) {
        assertThat(guard.check(url).addresses()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    https://127.0.0.1/                        | loopback
                    https://127.255.255.254:8443/v1           | loopback
                    https://localhost/v1                      | loopback
                    https://[::1]/                            | loopback
                    https://[0:0:0:0:0:0:0:1]/                | loopback
                    https://[::ffff:127.0.0.1]/               | loopback
                    https://[::ffff:7f00:1]/                  | loopback
                    https://[::127.0.0.1]/                    | loopback
                    https://[64:ff9b::7f00:1]/                | loopback
                    https://[64:ff9b::10.0.0.1]/              | private
                    https://[2002:7f00:1::]/                  | loopback
                    https://[2002:a00:1::1]/                  | private
                    https://[2001:0:a9fe:a9fe::1]/            | link-local
                    https://[2001:0:808:808:0:0:80ff:fffe]/   | loopback
                    https://[2606:4700::5efe:10.0.0.1]/       | private
                    https://[2606:4700::200:5efe:a00:1]/      | private
                    https://[::]/                             | unspecified
                    https://0.0.0.0/                          | unspecified
                    https://0.1.2.3/                          | unspecified
                    https://10.0.0.1/                         | private
                    https://172.16.0.1/                       | private
                    https://172.31.255.255/                   | private
                    https://192.168.0.1/                      | private
                    https://ollama.lan/                       | private
                    https://half.example.com/                 | private
                    https://[::ffff:192.168.0.1]/             | private
                    https://100.64.0.1/                       | carrier
                    https://100.127.255.255/                  | carrier
                    https://169.254.169.254/latest/meta-data/ | link-local
                    https://metadata.google.internal/         | link-local
                    https://[fe80::1]/                        | link-local
                    https://[febf::1]/                        | link-local
                    https://[fd00::1]/                        | unique local
                    https://[fc00::1]/                        | unique local
                    https://six.example.com/                  | unique local
                    https://[fd00:ec2::254]/                  | unique local
                    https://224.0.0.1/                        | multicast
                    https://239.255.255.250/                  | multicast
                    https://[ff02::1]/                        | multicast
                    https://255.255.255.255/                  | broadcast
                    https://240.0.0.1/                        | reserved
                    https://192.0.0.192/                      | reserved
                    https://198.18.0.1/                       | reserved
                    https://192.88.99.1/                      | reserved
                    https://192.0.2.1/                        | documentation
                    https://[2001:db8::1]/                    | documentation
                    https://[fec0::1]/                        | no global
                    https://[64:ff9b:1::808:808]/             | no global
                    https://[::8.8.8.8]/                      | no global
                    http://api.example.com/v1                 | https
                    http://8.8.8.8/                           | https
                    """)
    void check_internalOrPlain_isRefusedWithReasonAndFix(String url, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guard.check(url))
                .withMessageContaining(reason)
                .withMessageContaining("add it to gateway.internal-hosts");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http://2130706433                    | decimal numbers
                    https://2130706433/                  | decimal numbers
                    https://0x7f.1/                      | decimal numbers
                    https://0x7f000001/                  | decimal numbers
                    https://0177.0.0.1/                  | decimal numbers
                    https://017700000001/                | decimal numbers
                    https://127.1/                       | decimal numbers
                    https://127.0.1/                     | decimal numbers
                    https://127.0.0.01/                  | decimal numbers
                    https://0x7f.0x0.0x0.0x1/            | decimal numbers
                    https://256.0.0.1/                   | decimal numbers
                    https://api.0x7f/                    | decimal numbers
                    https://1.2.3.4.5/                   | decimal numbers
                    https://127.0.0.1./                  | decimal numbers
                    https://localhost./                  | dot
                    https://api.example.com./            | dot
                    https://①②⑦.⓪.⓪.①/                | ASCII
                    https://127。0。0。1/                  | ASCII
                    https://ⓛocalhost/                   | ASCII
                    https://exämple.com/                 | ASCII
                    https://loc\u00adalhost/             | ASCII
                    https://%6c%6f%63alhost/             | ASCII
                    https://my_host/                     | ASCII
                    https://a..example.com/              | ASCII
                    https:///v1                          | ASCII
                    https:api.example.com                | ASCII
                    https://[fe80::1%25eth0]/            | zone
                    https://[::1/                        | well formed
                    https://[1:2]/                       | well formed
                    https://[v1.x]/                      | well formed
                    https://api.example.com\\@127.0.0.1/ | well formed
                    https://api.example.com /            | well formed
                    https://user@api.example.com/        | user name
                    https://user:word@api.example.com/   | user name
                    https://api.example.com@127.0.0.1/   | user name
                    https://@127.0.0.1/                  | user name
                    https://api.example.com/#part        | fragment
                    https://api.example.com/#@127.0.0.1  | fragment
                    https://api.example.com:0/           | port
                    https://api.example.com:70000/       | port
                    https://api.example.com:https/       | ASCII
                    ftp://api.example.com/               | https://
                    file:///etc/passwd                   | https://
                    gopher://127.0.0.1:6379/_x           | https://
                    jar:https://api.example.com/!/       | https://
                    //api.example.com/                   | https://
                    api.example.com                      | https://
                    ''                                   | https://
                    https://nowhere.example.com/         | does not resolve
                    https://unknown.example.com/         | does not resolve
                    """)
    void check_unclearUrl_isRefusedWithReason(String url, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guard("loopback").check(url))
                .withMessageContaining("URL refused")
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    loopback         | http://127.0.0.1:11434/v1
                    loopback         | http://localhost:11434/v1
                    loopback         | http://[::1]:11434/v1
                    LOOPBACK         | https://localhost/v1
                    ollama.lan       | http://ollama.lan:11434/v1
                    Ollama.LAN       | http://OLLAMA.lan/v1
                    ollama.lan:11434 | http://ollama.lan:11434/v1
                    ollama.lan:443   | https://ollama.lan/v1
                    192.168.1.20     | http://192.168.1.20/v1
                    192.168.1.20     | http://ollama.lan/v1
                    192.168.1.20:80  | http://192.168.1.20/v1
                    192.168.0.0/16   | http://192.168.255.255/v1
                    192.168.1.16/29  | http://192.168.1.23/v1
                    fd00::/8         | http://[fd12::1]/v1
                    fd12::1          | http://six.example.com/v1
                    [fd12::1]:8080   | http://[fd12::1]:8080/v1
                    [fd12::1]        | http://[fd12::1]:8080/v1
                    10.0.0.0/8       | https://half.example.com/
                    api.example.com  | http://api.example.com/v1
                    0.0.0.0/0        | http://10.1.1.1/
                    """)
    void check_listedHost_mayBeInternalAndPlain(String entry, String url) {
        assertThat(guard(entry).check(url).addresses()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    loopback         | http://10.0.0.1/
                    loopback         | http://api.example.com/
                    ollama.lan:11434 | http://ollama.lan:6379/v1
                    ollama.lan       | http://192.168.1.20/v1
                    192.168.1.20:80  | http://192.168.1.20:81/v1
                    192.168.1.16/29  | http://192.168.1.24/v1
                    10.0.0.0/8       | http://half.example.com/
                    10.0.0.0/8       | https://[2002:a00:1::1]/
                    fd12::1          | http://[fd12::2]/v1
                    example.com      | http://api.example.com/v1
                    """)
    void check_hostBesideTheList_isRefused(String entry, String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> guard(entry).check(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "http://ollama.lan", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "host:", "host:0",
                        "host:65536",
                "host:http", "127.1", "2130706433", "*.example.com", "my_host", "host.", "::1%eth0", "ämter.lan", "a b"
            })
    void entries_thatAreNoHost_stopTheStart(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guard(entry))
                .withMessageContaining("gateway.internal-hosts")
                .withMessageContaining("loopback");
    }

    @Test
    void check_resolvesOnce_andHandsOutWhatItChecked() throws UnknownHostException {
        List<String> asked = new ArrayList<>();
        Iterator<String> answers = List.of("93.184.216.34", "127.0.0.1").iterator();
        BaseUrlGuard rebound = new BaseUrlGuard(List.of(), host -> {
            asked.add(host);
            return List.of(InetAddress.getByName(answers.next()));
        });

        BaseUrlGuard.Checked first = rebound.check("https://rebind.example.com/v1");

        assertThat(first.addresses()).containsExactly(InetAddress.getByName("93.184.216.34"));
        assertThat(asked).containsExactly("rebind.example.com");
        assertThatIllegalArgumentException().isThrownBy(() -> rebound.check("https://rebind.example.com/v1"));
    }

    @Test
    void check_keepsTheUrlAsGiven() {
        assertThat(guard.check("https://api.example.com:8443/v1?a=b").uri())
                .hasToString("https://api.example.com:8443/v1?a=b");
    }

    @Test
    void check_messageTellsNeitherSecretsNorAddressesBehindNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guard.check("https://ollama.lan/v1?key=sk-secret"))
                .satisfies(e -> assertThat(e).hasMessageNotContainingAny("192.168.1.20", "sk-secret"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guard.check("https://me:sk-secret@api.example.com/"))
                .satisfies(e -> assertThat(e).hasMessageNotContaining("sk-secret"));
    }

    @Test
    void check_endlessUrl_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guard.check("https://api.example.com/" + "a".repeat(3_000)))
                .withMessageContaining("2048");
    }

    @Test
    void withSystemNames_readsWrittenAddressesWithoutAsking() {
        assertThat(BaseUrlGuard.withSystemNames(List.of("loopback"))
                        .check("http://127.0.0.1:1/v1")
                        .addresses())
                .containsExactly(InetAddress.getLoopbackAddress());
    }

    private static BaseUrlGuard guard(String... internalHosts) {
        return new BaseUrlGuard(List.of(internalHosts), BaseUrlGuardTest::addresses);
    }

    private static List<InetAddress> addresses(String host) throws UnknownHostException {
        List<String> texts = NAMES.get(host);
        if (texts == null) {
            throw new UnknownHostException(host);
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(InetAddress.getByName(text));
        }
        return addresses;
    }
}
