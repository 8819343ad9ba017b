package ai.robutler.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitRulesTest {

    @Test
    void read_ruleOverTheDefaults_keepsWhatItDoesNotName() {
        RateLimitRules rules = read("""
                rules:
                  - for: user:alice
                    burst: 50
                    minute: 600
                  - for: "api:key_1"
                    tokens-per-minute: 1000
                    parallel: 3
                    day: 0
                """);

        assertThat(rules.size()).isEqualTo(2);
        assertThat(rules.limitsFor("user:alice")).isEqualTo(new RateLimits(50, 600, 1_000, 10_000, 0, 0));
        assertThat(rules.limitsFor("api:key_1")).isEqualTo(new RateLimits(10, 60, 1_000, 0, 1_000, 3));
        assertThat(rules.limitsFor("user:bob")).isEqualTo(RateLimits.DEFAULT);
        assertThat(rules.limitsFor("api:alice")).isEqualTo(RateLimits.DEFAULT);
    }

    @Test
    void read_longIdentity_isFound() {
        String identity = "user:" + "a".repeat(500);
        RateLimitRules rules = read("rules:\n  - for: " + identity + "\n    burst: 2\n");

        assertThat(rules.limitsFor(identity).burst()).isEqualTo(2);
        assertThat(rules.limitsFor(identity + "b").burst()).isEqualTo(10);
    }

    @Test
    void read_ipv6Address_isAnIdentity() {
        assertThat(read("rules: [{for: 'ip:::1', burst: 0}]")
                        .limitsFor("ip:::1")
                        .burst())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "# only a comment\n", "---\n", "rules:\n", "rules: []\n", "rules:\n# - for: user:alice\n"})
    void read_noRule_isEveryonesDefault(String yaml) {
        assertThat(read(yaml).size()).isZero();
    }

    @Test
    void read_theShippedFile_hasNoRule() {
        assertThat(RateLimitRules.read(Path.of("config/limits.yaml"), RateLimits.DEFAULT)
                        .size())
                .isZero();
    }

    @Test
    @DisplayName("R28: a rule file that is not there is an error, not a silent absence of limits")
    void read_missingFile_namesItAndTheFix() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitRules.read(Path.of("config/nowhere.yaml"), RateLimits.DEFAULT))
                .withMessageContainingAll("config/nowhere.yaml", "rules: []");
    }

    @ParameterizedTest
    @DisplayName("R5: what a rule says and we do not understand is an error with file, line, field and fix")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            limits: []                                                  | 1 | limits | the only one here is rules
            rules: []\\nrules: []                                       | 2 | rules | is there twice
            - for: user:a                                               | 1 | rules | write 'rules:'
            rules: alice                                                | 1 | rules | must be a list
            rules: {}                                                   | 1 | rules | must be a list
            rules:\\n  - alice                                          | 2 | rules[0] | must have fields
            rules:\\n  - for: user:a\\n    minutes: 5                   | 3 | rules[0].minutes | the fields are for, burst, minute
            rules:\\n  - for: user:a\\n    minute: -5                   | 3 | rules[0].minute | must be a whole number
            rules:\\n  - for: user:a\\n    minute: 1.5                  | 3 | rules[0].minute | must be a whole number
            rules:\\n  - for: user:a\\n    minute: many                 | 3 | rules[0].minute | must be a whole number
            rules:\\n  - for: user:a\\n    minute: "5"                  | 3 | rules[0].minute | must be a whole number
            rules:\\n  - for: user:a\\n    minute:                      | 3 | rules[0].minute | must be a whole number
            rules:\\n  - for: user:a\\n    minute: [5]                  | 3 | rules[0].minute | must be a whole number
            rules:\\n  - for: user:a\\n    minute: 99999999999999999999 | 3 | rules[0].minute | must be a whole number
            rules:\\n  - for: user:a\\n    minute: 1\\n    minute: 2    | 4 | rules[0].minute | is there twice
            rules:\\n  - for: alice\\n    minute: 1                     | 2 | rules[0].for | must be user:<id>
            rules:\\n  - for: 'user:'\\n    minute: 1                   | 2 | rules[0].for | must be user:<id>
            rules:\\n  - for: 7\\n    minute: 1                         | 2 | rules[0].for | must be user:<id>
            rules:\\n  - minute: 1                                      | 2 | rules[0].for | is missing
            rules:\\n  - for: user:a                                    | 2 | rules[0] | sets no limit
            rules: [{for: user:a, day: 1},\\n {for: user:a, day: 2}]    | 2 | rules[1].for | has a rule above
            rules: []\\n---\\nrules: []                                 | 3 | rules | more than one document
            """)
    void read_mistake_namesFileLineFieldAndFix(String yaml, int line, String field, String fix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(yaml.replace("\\n", "\n")))
                .withMessageStartingWith("limits.yaml line " + line + ": " + field + ": ")
                .withMessageContaining(fix);
    }

    @Test
    void read_brokenYaml_namesFileAndLine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("rules:\n  - for: 'user:a\n"))
                .withMessageContainingAll("limits.yaml line 2", "not YAML");
    }

    @Test
    void limitsFor_noIdentity_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> read("").limitsFor("alice"));
    }

    private static RateLimitRules read(String yaml) {
        return RateLimitRules.read(yaml, "limits.yaml", RateLimits.DEFAULT);
    }
}
