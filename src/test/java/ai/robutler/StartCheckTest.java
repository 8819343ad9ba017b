package ai.robutler;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.cli.Finding;
import ai.robutler.support.ConfigFolder;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.GatewayProcess;
import ai.robutler.support.RunningGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code validate} finds: one mistake in an otherwise good folder each, with its file and line. */
final class StartCheckTest {
    private static final String ROUTE = """
            - route:
                id: extra
                description: Test
                from:
                  uri: direct:extra
                  steps:
            """;

    @TempDir
    private Path home;

    private ConfigFolder files = new ConfigFolder(Path.of(""));
    private final Map<String, String> environment = new HashMap<>();
    private final Properties system = new Properties();

    @BeforeEach
    void copy() throws IOException {
        GatewayProcess.copyShipped(home);
        files = new ConfigFolder(home);
    }

    private List<Finding> findings() throws IOException {
        return new StartCheck(environment, system)
                .findings(Map.of(
                        "robutler.config", home.resolve("config").toString(),
                        "robutler.routes", home.resolve("routes").toString(),
                        "robutler.kamelets", home.resolve("kamelets").toString()));
    }

    private void assertFinding(String file, int line, String... told) throws IOException {
        List<Finding> findings = findings();
        assertThat(findings).as("%s", findings).hasSize(1);
        Finding finding = findings.get(0);
        assertThat(finding.message()).contains(told);
        assertThat(finding.file()).isEqualTo(home.resolve(file).toString());
        assertThat(finding.line()).isEqualTo(line);
    }

    private int lineOf(String file, String text) {
        return (int) files.read(file)
                        .lines()
                        .takeWhile(line -> !line.contains(text))
                        .count()
                + 1;
    }

    @Test
    void whatIsShipped_isWithoutFindings() throws IOException {
        assertThat(findings()).isEmpty();
    }

    @Test
    void knownBeans_areThoseThatTheServerBinds() {
        try (FakeModelServer model = new FakeModelServer();
                RunningGateway gateway = RunningGateway.start(model)) {
            Set<String> bound = new TreeSet<>();
            gateway.application()
                    .context()
                    .getRegistry()
                    .findByTypeWithName(Object.class)
                    .forEach((name, bean) -> {
                        if (bean.getClass().getName().startsWith("ai.robutler.")
                                && !name.equals("httpServerFactory")
                                && !name.contains("-")) {
                            bound.add(name);
                        }
                    });
            assertThat(BeanNames.ALL).as("name new beans in BeanNames").containsAll(bound);
            assertThat(BeanNames.ALL)
                    .allSatisfy(name -> assertThat(gateway.application()
                                    .context()
                                    .getRegistry()
                                    .lookupByName(name))
                            .as(name)
                            .isNotNull());
        }
    }

    @Test
    void unknownSetting() throws IOException {
        files.setting("gateway.max-body-byte", "1", "gateway.max-body-bytes");

        assertFinding(
                "config/application.properties",
                lineOf("config/application.properties", "gateway.max-body-byte ="),
                "unknown setting 'gateway.max-body-byte'",
                "did you mean 'gateway.max-body-bytes'?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway.rate-limit.minute        | ten       | whole number from 0 on",
                "gateway.rate-limit.minute        | -1        | whole number from 0 on",
                "gateway.max-messages             | 0         | whole number from 1 on",
                "gateway.max-header-bytes         | 255       | whole number from 256 on",
                "gateway.request-timeout          | soon      | 500ms, 30s, 5m or 24h",
                "gateway.request-timeout          | 0s        | more than zero",
                "camel.server.port                | 65536     | 65535",
                "camel.server.port                | http      | whole number",
                "camel.server.enabled             | yes       | true or false",
                "robutler.profile                 | staging   | dev or prod",
                "gateway.trusted-proxies          | 10.0.0.0/99 | gateway.trusted-proxies",
                "gateway.internal-hosts           | 10.0.0.0/99 | gateway.internal-hosts",
                "robutler.data                    | {{robutler.data}} | refers to itself",
            })
    void badValue(String key, String value, String told) throws IOException {
        files.setting(key, value);

        assertFinding("config/application.properties", lineOf("config/application.properties", key + " ="), key, told);
    }

    @Test
    void badValueOfTheEnvironment_orOfTheJvm_isToldThere() throws IOException {
        environment.put("GATEWAY_RATE_LIMIT_HOUR", "many");
        system.setProperty("gateway.rate-limit.day", "more");
        system.setProperty("gateway.rate-limit.dya", "1");

        assertThat(findings())
                .extracting(Finding::toString)
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("the JVM's property gateway.rate-limit.day: "),
                        two -> assertThat(two).startsWith("the JVM's property gateway.rate-limit.dya: unknown setting"),
                        three -> assertThat(three)
                                .startsWith("the environment's variable GATEWAY_RATE_LIMIT_HOUR: ")
                                .contains("'many'"));
    }

    @Test
    void settingThatIsSetTwice() throws IOException {
        String file = "config/application.properties";
        int first = lineOf(file, "gateway.rate-limit.burst =");
        files.write(file, files.read(file) + "\n# again\ngateway.rate-limit.burst = \\\n  5\n");

        assertFinding(file, lineOf(file, "# again") + 1, "'gateway.rate-limit.burst' is set in line " + first);
    }

    @Test
    void brokenEscape() throws IOException {
        String file = "config/application.properties";
        files.write(file, files.read(file) + "\nopenai.model = \\u12\n");

        assertFinding(file, lineOf(file, "openai.model = \\u12"), "cannot be read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config/agents/bad.yaml         | 'instructions: [a'                    | 1 | is not YAML",
                "config/agents/bad.yaml         | 'instructions: Hi\nmodle: gpt'        | 2 | modle is not known",
                "config/agents/bad.yaml         | 'instructions: Hi\nname: Not good'    | 2 | must be 1-64 characters",
                "config/agents/bad.yaml         | 'instructions: Hi\nname: health'      | 2 | reserved",
                "config/agents/bad.yaml         | 'description: Hi'                     | 1 | instructions is missing",
                "config/agents/bad.yaml         | 'instructions: Hi\nskills: [fly]'     | 2 | fly",
                "config/agents/z.yaml           | 'instructions: Hi\nname: assistant'   | 1 | taken by another file",
                "config/models.yaml             | 'providers:\n  - name: a\n    base_urll: http://x' | 3 | base_urll is not known",
                "config/models.yaml             | 'providers:\n  - name: a'             | 1 | base_url is missing",
                "config/models.yaml             | 'providers:\n  - name: a\n    base_url: http://10.0.0.1/v1' | 3 | internal-hosts",
                "config/models.yaml             | 'providers:\n  - name: a\n    base_url: https://a.org/v1\n    api_key_env: NOT_SET' | 4 | NOT_SET",
                "config/api-keys.yaml           | 'keys:\n  - id: a\n    user: b\n    sha256: abc' | 4 | 64 hexadecimal digits",
                "config/api-keys.yaml           | 'keys:\n  - id: a\n    usr: b'        | 3 | usr is not known",
                "config/limits.yaml             | 'rules:\n  - for: alice\n    burst: 1' | 2 | user:<id>",
                "config/limits.yaml             | 'rules:\n  - for: user:alice\n    birst: 1' | 3 | unknown field",
                "config/limits.yaml             | 'rules:\n\t- x'                      | 2 | not YAML",
                "routes/bad.camel.yaml          | '- route:\n    id: [a'                | 3 | is not YAML",
                "kamelets/bad-action.kamelet.yaml | 'metadata:\n  name: other-action'   | 2 | call it 'bad-action'",
            })
    void brokenFile(String file, String text, int line, String told) throws IOException {
        files.write(file, text + "\n");

        assertFinding(file, line, told == null ? "" : told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'- setBodyy: {constant: x}'                   | 7 | unknown step 'setBodyy'; did you mean 'setBody'?",
                "'- nonsense: {}'                              | 7 | unknown step 'nonsense'; see Camel",
                "'- log: {id: a, mesage: b}'                   | 7 | unknown field 'mesage' of 'log'; did you mean 'message'?",
                "'- setBody:\n            expression:\n              simpel: {expression: x}' | 9 | 'simpel' of 'expression'; did you mean 'simple'?",
                "'- to: {uri: kamelet:rate-limit-acton}'       | 7 | did you mean 'rate-limit-action'?",
                "'- to: {uri: direct:model-cal}'               | 7 | did you mean 'direct:model-call'?",
                "'- bean: {ref: usageLogg, method: log}'       | 7 | no bean is called 'usageLogg'; did you mean 'usageLog'?",
                "'- process: {ref: nowhere}'                   | 7 | no bean is called 'nowhere'",
                "'- circuitBreaker:\n            steps: []'      | 8 | onFallback",
                "'- choice:\n            when:\n              - simple: a\n                stepz: []' | 10 | did you mean 'steps'?",
            })
    void brokenRoute(String step, int line, String told) throws IOException {
        files.write("routes/extra.camel.yaml", ROUTE + "        " + step + "\n");

        assertFinding("routes/extra.camel.yaml", line, told);
    }

    @Test
    void unknownStepOfAKamelet() throws IOException {
        String file = "kamelets/not-found-action.kamelet.yaml";
        files.write(
                file,
                files.read("kamelets/rate-limit-action.kamelet.yaml")
                        .replace("name: rate-limit-action", "name: not-found-action")
                        .replace("- bean:", "- been:"));

        assertFinding(file, lineOf(file, "- been:"), "unknown step 'been'; did you mean 'bean'?");
    }

    @Test
    void unknownTopOfARouteFile() throws IOException {
        files.replace("routes/operations.camel.yaml", "- route:", "- rout:");

        assertThat(findings())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.file()).endsWith("operations.camel.yaml"))
                .first()
                .satisfies(finding -> assertThat(finding.message()).contains("did you mean 'route'?"));
    }

    @Test
    void beansThatFilesDeclare_areKnown() throws IOException {
        files.write("routes/beans.camel.yaml", "- beans:\n    - name: mine\n      type: java.lang.Object\n");
        files.write("config/beans.camel.yaml", "- beans:\n    - name: other\n      type: java.lang.Object\n");
        files.write(
                "routes/extra.camel.yaml",
                ROUTE + "        - bean: {ref: mine, method: a}\n        - bean: {ref: other, method: a}\n");

        assertThat(findings()).isEmpty();
    }

    @Test
    void agentWhoseModelNobodyServes() throws IOException {
        files.write(
                "config/models.yaml",
                "providers:\n  - name: a\n    base_url: https://a.org/v1\n    models: [m]\n    default_model: m\n");
        files.agent("bob", "instructions: Hi\nmodel: x/y\nfallback_models: [m, a/m]\n");

        assertFinding("config/agents/bob.yaml", 2, "'x/y', which no provider serves", "there are a");
    }

    @Test
    void aliasOfAModelThatNobodyServes() throws IOException {
        files.write("config/models.yaml", """
                providers:
                  - name: a
                    base_url: https://a.org/v1
                    models: [m]
                    default_model: m
                aliases:
                  small: a/m
                  fast: b/c
                """);

        assertFinding("config/models.yaml", 8, "fast names 'b/c', which no provider serves");
    }

    @Test
    void providerWithoutAModel_whereAgentsNameNone() throws IOException {
        files.write("config/models.yaml", "providers:\n  - name: a\n    base_url: https://a.org/v1\n    models: [m]\n");

        assertThat(findings()).hasSize(2).allSatisfy(finding -> {
            assertThat(finding.file()).contains("config/agents/");
            assertThat(finding.message()).contains("default_model");
        });
    }

    @Test
    void severalMistakes_areToldAtOnce() throws IOException {
        files.setting("gateway.rate-limit.minute", "ten");
        files.agent("bob", "instructions: Hi\nmodle: x\n");
        files.limits("rules: x\n");
        files.write("routes/extra.camel.yaml", ROUTE + "        - setBodyy: {}\n        - process: {ref: nowhere}\n");

        assertThat(findings()).hasSize(5);
    }

    @Test
    void folderThatIsMissing() throws IOException {
        assertThat(new StartCheck(environment, system).findings(Map.of("robutler.routes", "nowhere")))
                .extracting(Finding::toString)
                .containsExactly(
                        "nowhere: there is no such folder; run the command beside it, or name it with --routes");
    }
}
