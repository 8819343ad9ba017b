package ai.robutler.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelCatalogTest {
    private static final Random RANDOM = new Random(1);

    private final ModelCatalog catalog = new ModelCatalog(
            List.of(
                    provider("openai", 1, "gpt-4o", "gpt-4o", "o3*"),
                    provider("azure", 1, "", "gpt-4*"),
                    provider("ollama", 1, "")),
            Map.of("fast", "openai/gpt-4o", "own", "llama3"));

    @ParameterizedTest
    @CsvSource({
        "o3-mini,openai o3-mini",
        "openai/gpt-4o,openai gpt-4o",
        "openai/o3,openai o3",
        "azure/gpt-4o,azure gpt-4o",
        "ollama/llama3,ollama llama3",
        "ollama/org/llama3,ollama org/llama3",
        "gpt-4.1,azure gpt-4.1",
        "fast,openai gpt-4o",
        "own,ollama llama3",
        "unheard-of,ollama unheard-of",
        "openai/unheard-of,ollama openai/unheard-of"
    })
    void targets_nameItsProviders(String model, String expected) {
        assertThat(names(model)).containsExactly(expected);
    }

    @Test
    void targets_severalServeIt_areAllThereTheFirstByChance() {
        assertThat(names("gpt-4o")).containsExactlyInAnyOrder("openai gpt-4o", "azure gpt-4o");
    }

    @Test
    void targets_shares_followTheWeights() {
        ModelCatalog weighted = new ModelCatalog(
                List.of(provider("a", 1, "", "m"), provider("b", 3, "", "m"), provider("c", 6, "", "m")), Map.of());
        Random random = new Random(42);
        Map<String, Long> first = IntStream.range(0, 10_000)
                .mapToObj(i -> weighted.targets(Optional.of("m"), random)
                        .get(0)
                        .provider()
                        .name())
                .collect(java.util.stream.Collectors.groupingBy(name -> name, java.util.stream.Collectors.counting()));
        assertThat(first.get("a")).isBetween(850L, 1_150L);
        assertThat(first.get("b")).isBetween(2_800L, 3_200L);
        assertThat(first.get("c")).isBetween(5_700L, 6_300L);
    }

    @Test
    void targets_noModelNamed_isTheFirstProvidersDefault() {
        assertThat(catalog.targets(Optional.empty(), RANDOM))
                .extracting(target -> target.provider().name() + " " + target.model())
                .containsExactly("openai gpt-4o");
        assertThat(catalog.nameOf(Optional.empty())).isEqualTo("gpt-4o");
    }

    @Test
    void targets_nobodyServesIt_areNone() {
        ModelCatalog one = new ModelCatalog(List.of(provider("a", 1, "", "m")), Map.of());
        assertThat(one.targets(Optional.of("other"), RANDOM)).isEmpty();
        assertThat(one.targets(Optional.empty(), RANDOM)).isEmpty();
        assertThat(one.nameOf(Optional.empty())).isEqualTo("default");
        assertThat(new ModelCatalog(List.of(), Map.of()).targets(Optional.of("m"), RANDOM))
                .isEmpty();
    }

    private List<String> names(String model) {
        return catalog.targets(Optional.of(model), RANDOM).stream()
                .map(target -> target.provider().name() + " " + target.model())
                .toList();
    }

    static Provider provider(String name, int weight, String defaultModel, String... models) {
        return new Provider(
                name,
                URI.create("http://127.0.0.1:1/v1"),
                new Secret("sk-canary"),
                List.of(models),
                defaultModel,
                Map.of(),
                new Provider.Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)),
                weight);
    }
}
