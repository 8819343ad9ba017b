package ai.robutler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {
    @TempDir
    private Path folder;

    private Settings load(String file, Map<String, String> environment, String... system) throws IOException {
        Files.writeString(folder.resolve("application.properties"), file);
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("ROBUTLER_CONFIG", folder.toString());
        Properties properties = new Properties();
        for (int i = 0; i < system.length; i += 2) {
            properties.setProperty(system[i], system[i + 1]);
        }
        return Settings.load(variables, properties);
    }

    @Test
    void shippedDefaults_areThoseOfTheContract() throws IOException {
        Settings settings = Settings.load(Map.of("ROBUTLER_CONFIG", folder.toString()), new Properties());

        assertThat(settings.text("camel.server.port")).isEqualTo("8000");
        assertThat(settings.text("camel.server.host")).isEqualTo("0.0.0.0");
        assertThat(settings.number("gateway.rate-limit.burst", 0)).isEqualTo(10);
        assertThat(settings.number("gateway.rate-limit.minute", 0)).isEqualTo(60);
        assertThat(settings.number("gateway.rate-limit.hour", 0)).isEqualTo(1_000);
        assertThat(settings.number("gateway.rate-limit.day", 0)).isEqualTo(10_000);
        assertThat(settings.duration("gateway.request-timeout")).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.number("gateway.max-body-bytes", 1)).isEqualTo(10 * 1024 * 1024);
        assertThat(settings.list("gateway.trusted-proxies")).isEmpty();
        assertThat(settings.path("robutler.data")).isEqualTo(Path.of("data"));
    }

    @Test
    void jvmProperty_isOverEnvironment_isOverFile_isOverDefault() throws IOException {
        String file = "gateway.rate-limit.minute = 1\ngateway.rate-limit.hour = 1\ngateway.rate-limit.day = 1\n";
        Map<String, String> environment = Map.of("GATEWAY_RATE_LIMIT_MINUTE", "2", "GATEWAY_RATE_LIMIT_HOUR", "2");

        Settings settings = load(file, environment, "gateway.rate-limit.minute", "3");

        assertThat(settings.number("gateway.rate-limit.minute", 0)).isEqualTo(3);
        assertThat(settings.number("gateway.rate-limit.hour", 0)).isEqualTo(2);
        assertThat(settings.number("gateway.rate-limit.day", 0)).isEqualTo(1);
        assertThat(settings.number("gateway.rate-limit.burst", 0)).isEqualTo(10);
    }

    @Test
    void fixedEnvironmentNames_setServerAndProvider() throws IOException {
        Settings settings = load("", Map.of("PORT", "9001", "HOST", "127.0.0.1", "OPENAI_MODEL", "m"));

        assertThat(settings.text("camel.server.port")).isEqualTo("9001");
        assertThat(settings.text("camel.server.host")).isEqualTo("127.0.0.1");
        assertThat(settings.text("openai.model")).isEqualTo("m");
    }

    @Test
    void placeholder_isAnotherSetting_orAnEnvironmentVariableWithADefault() throws IOException {
        String file =
                "openai.model = {{env:A_MODEL:none}}-{{env:OTHER:small:1}}\nrobutler.data = {{robutler.routes}}/x\n";

        Settings settings = load(file, Map.of("A_MODEL", "big", "OTHER", " "));

        assertThat(settings.text("openai.model")).isEqualTo("big-small:1");
        assertThat(settings.path("robutler.data")).isEqualTo(Path.of("routes/x"));
    }

    @Test
    void settingThatRefersToItself_isAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load("robutler.data = {{robutler.data}}\n", Map.of()))
                .withMessage("setting 'robutler.data' refers to itself");
    }

    @ParameterizedTest
    @CsvSource({
        "gateway.rate-limit.minutes, gateway.rate-limit.minute",
        "gateway.ratelimit.burst, gateway.rate-limit.burst",
        "robutler.kamelet, robutler.kamelets",
        "gateway.max_body_bytes, gateway.max-body-bytes"
    })
    void unknownSetting_isRefused_andTheNearestNamed(String key, String nearest) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(key + " = 1\n", Map.of()))
                .withMessageContainingAll("'" + key + "'", "application.properties", "did you mean '" + nearest + "'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load("", Map.of(), key, "1"))
                .withMessageContainingAll("'" + key + "'", "JVM", "did you mean '" + nearest + "'");
    }

    @Test
    void camelsOwnSettings_areTaken() throws IOException {
        assertThat(load("camel.main.tracing = true\n", Map.of()).text("camel.main.tracing"))
                .isEqualTo("true");
    }

    @Test
    void otherJvmProperties_areNoneOfOurBusiness() throws IOException {
        assertThat(load("", Map.of(), "user.language", "en").all()).doesNotContainKey("user.language");
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "30s, 30000", "30 s, 30000", "5m, 300000", "24h, 86400000", "2d, 172800000", "7, 7000"})
    void duration_isATimeWithUnit_orSeconds(String text, long millis) throws IOException {
        assertThat(load("gateway.request-timeout = " + text + "\n", Map.of()).duration("gateway.request-timeout"))
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0s", "-1s", "1.5s", "soon", "5 minutes", "1h30m", "9999999999999s"})
    void otherDuration_isAnErrorThatNamesSettingAndFix(String text) throws IOException {
        Settings settings = load("gateway.request-timeout = " + text + "\n", Map.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.duration("gateway.request-timeout"))
                .withMessageContainingAll("gateway.request-timeout", "'" + text + "'", "500ms, 30s, 5m or 24h");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "ten", "0x10", "99999999999999999999"})
    void otherNumber_isAnErrorThatNamesSettingAndFix(String text) throws IOException {
        Settings settings = load("gateway.rate-limit.burst = " + text + "\n", Map.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.number("gateway.rate-limit.burst", 0))
                .withMessage("setting 'gateway.rate-limit.burst' is '" + text + "'; it takes a whole number from 0 on");
    }

    @Test
    void list_isSeparatedByCommas_withoutEmptyParts() throws IOException {
        assertThat(load("gateway.trusted-proxies = 10.0.0.1,, 10.0.0.0/8 ,\n", Map.of())
                        .list("gateway.trusted-proxies"))
                .containsExactly("10.0.0.1", "10.0.0.0/8");
    }

    @Test
    void reload_readsTheFileAgain() throws IOException {
        Settings settings = load("gateway.rate-limit.burst = 1\n", Map.of());
        Files.writeString(folder.resolve("application.properties"), "gateway.rate-limit.burst = 2\n");

        assertThat(settings.reload().number("gateway.rate-limit.burst", 0)).isEqualTo(2);
        assertThat(settings.number("gateway.rate-limit.burst", 0)).isEqualTo(1);
    }
}
