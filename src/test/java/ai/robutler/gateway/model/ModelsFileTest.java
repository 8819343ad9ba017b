package ai.robutler.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.http.BaseUrlGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelsFileTest {
    private static final Provider.Timeouts TIMEOUTS =
            new Provider.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(300), Duration.ofSeconds(60));

    @TempDir
    private Path folder;

    @Test
    void read_everyField_isTaken() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "sk-file\n");
        ModelCatalog catalog = read("""
                providers:
                  - name: openai
                    base_url: https://api.example.com/v1/
                    api_key_env: CANARY
                    models: [gpt-4o, "o3*"]
                    default_model: gpt-4o
                    headers: {X-Org: org-1}
                    connect_timeout_ms: 1
                    first_byte_timeout_ms: 2
                    idle_timeout_ms: 3
                    weight: 4
                  - name: local
                    base_url: http://127.0.0.1:11434/v1
                    api_key_file: %s
                aliases:
                  fast: openai/gpt-4o
                """.formatted(key));
        Provider openai = catalog.providers().get(0);
        assertThat(openai.baseUrl()).hasToString("https://api.example.com/v1");
        assertThat(openai.apiKey().value()).isEqualTo("sk-canary");
        assertThat(openai.models()).containsExactly("gpt-4o", "o3*");
        assertThat(openai.headers()).isEqualTo(Map.of("X-Org", "org-1"));
        assertThat(openai.timeouts())
                .isEqualTo(new Provider.Timeouts(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3)));
        assertThat(openai.weight()).isEqualTo(4);
        Provider local = catalog.providers().get(1);
        assertThat(local.apiKey().value()).isEqualTo("sk-file");
        assertThat(local.timeouts()).isEqualTo(TIMEOUTS);
        assertThat(local.weight()).isEqualTo(1);
        assertThat(catalog.aliases()).isEqualTo(Map.of("fast", "openai/gpt-4o"));
    }

    @Test
    void read_noFile_hasNoProviders() throws IOException {
        assertThat(file().read(folder.resolve("absent.yaml")).providers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: Open AI | 2: providers[0].name must be 1-64 characters",
                "nam: x | 2: providers[0].nam is not known; known are api_key_env",
                "api_key_env: UNSET | 2: providers[0].api_key_env names UNSET, which is not set",
                "api_key_file: /no/such | 2: providers[0].api_key_file names /no/such, which cannot be read",
                "weight: 0 | 2: providers[0].weight must be a whole number from 1 to 1000",
                "weight: much | 2: providers[0].weight must be a whole number",
                "idle_timeout_ms: -1 | 2: providers[0].idle_timeout_ms must be a whole number",
                "models: gpt | 2: providers[0].models must be a list of texts",
                "headers: x | 2: providers[0].headers must be a map of texts",
                "headers: {a: [1]} | 2: providers[0].headers must be a map of texts"
            })
    void read_mistakeInAField_isToldWithFileAndLine(String line, String told) {
        String rest = line.startsWith("name") ? "" : "    name: a\n";
        assertThatThrownBy(
                        () -> read("providers:\n  - " + line + "\n" + rest + "    base_url: http://127.0.0.1:1/v1\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("models.yaml:" + told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "provider: [] | 1: provider is not known",
                "providers: {name: a} | 1: providers must be a list",
                "providers: none | 1: providers must be a list",
                "providers: [{name: a}] | providers[0].base_url is missing",
                "providers: [7] | must be a map of fields",
                "aliases: [fast] | 1: aliases must be a map of texts",
                "'aliases: {fast: [a]}' | 1: aliases must be a map of texts"
            })
    void read_wrongShape_isToldWithFileAndLine(String text, String told) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("models.yaml:")
                .hasMessageContaining(told);
    }

    @Test
    void read_nameTwice_isRefused() {
        String one = "  - name: a\n    base_url: http://127.0.0.1:1/v1\n";
        assertThatThrownBy(() -> read("providers:\n" + one + one)).hasMessageContaining("'a' stands twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/v1",
                "https://169.254.169.254/v1",
                "https://10.0.0.1/v1",
                "https://inside.example.com/v1",
                "http://api.example.com/v1",
                "file:///etc/passwd",
                "https://user:password@api.example.com/v1"
            })
    void read_urlIntoOurOwnNetwork_isRefused(String url) {
        assertThatThrownBy(() -> read("providers:\n  - name: a\n    base_url: " + url + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("models.yaml:3: providers[0].base_url is refused");
    }

    @Test
    void toString_showsNoKeyAndNoHeader() throws IOException {
        ModelCatalog catalog = read("""
                providers:
                  - name: a
                    base_url: http://127.0.0.1:1/v1
                    api_key_env: CANARY
                    headers: {X-Key: sk-canary-2}
                """);
        assertThat(catalog.toString()).contains("a").doesNotContain("canary");
        assertThat(catalog.providers().get(0).apiKey().toString()).isEqualTo("Secret[set]");
        assertThat(new ModelTarget(catalog.providers().get(0), "m").toString()).doesNotContain("canary");
    }

    private ModelCatalog read(String text) throws IOException {
        return file().read(Files.writeString(folder.resolve("models.yaml"), text));
    }

    private static ModelsFile file() {
        BaseUrlGuard guard = new BaseUrlGuard(
                List.of("loopback"),
                host -> List.of(InetAddress.getByAddress(
                        host, new byte[] {(byte) (host.startsWith("inside") ? 10 : 93), 5, 5, 5})));
        return new ModelsFile(guard, TIMEOUTS, Map.of("CANARY", " sk-canary "));
    }
}
