package ai.robutler.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathAliasesTest {
    private final PathAliases aliases =
            new PathAliases(name -> !Set.of("agents", "health", "v1", "chat", "models", "api", "metrics", "")
                    .contains(name));

    @ParameterizedTest
    @CsvSource({
        "/a/, /a",
        "/a///, /a",
        "/agents/, /agents",
        "/agents/a, /a",
        "/agents/a/health, /a/health",
        "/agents/a/v1/chat/completions, /a/chat/completions",
        "/a/v1/chat/completions, /a/chat/completions",
        "/a/v1/models, /a/models",
        "/v1/chat/completions, /chat/completions",
        "/v1/chat/completions/, /chat/completions",
        "/v1/models, /models",
        "/v1/models/a, /models/a"
    })
    void alias_isThePathThatIsServed(String path, String served) {
        assertThat(aliases.canonical(path)).isEqualTo(served);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/", "/a", "/a/chat/completions", "/models", "/health", "/agents", "/agents/health", "/agents/metrics",
                "/agents/agents", "/agents/v1/models", "/v1", "/v1/health", "/v1/metrics", "/v1/a", "/a/v1",
                        "/a/v1/health",
                "/a/v1/forecast", "/api/v1/models", "/api/agents/a", "/a/b/v1/models"
            })
    void otherPath_staysAsItIs(String path) {
        assertThat(aliases.canonical(path)).isSameAs(path);
    }
}
