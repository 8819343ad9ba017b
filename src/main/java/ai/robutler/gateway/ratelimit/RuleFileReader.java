package ai.robutler.gateway.ratelimit;

import ai.robutler.gateway.reload.YamlFile;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one rule file, strictly: what it does not understand is an error that names the line and the fix. */
final class RuleFileReader {
    private static final YAMLFactory YAML = new YAMLFactory();
    private static final String FOR = "for";
    private static final String FIELDS =
            FOR + ", " + Arrays.stream(Limit.values()).map(Limit::field).collect(Collectors.joining(", "));

    private final String file;
    private final RateLimits defaults;

    RuleFileReader(String file, RateLimits defaults) {
        this.file = file;
        this.defaults = defaults;
    }

    /** The limits of each rule by the key of its identity. */
    Map<String, RateLimits> read(String text) {
        try (JsonParser yaml = YAML.createParser(text)) {
            return readFile(yaml);
        } catch (JsonProcessingException e) {
            String problem =
                    String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            throw new IllegalArgumentException(file + " line " + YamlFile.lineOf(e) + ": not YAML, " + problem, e);
        } catch (IOException e) {
            throw new UncheckedIOException("a text is always readable", e);
        }
    }

    private Map<String, RateLimits> readFile(JsonParser yaml) throws IOException {
        Map<String, RateLimits> rules = new HashMap<>();
        JsonToken first = yaml.nextToken();
        if (first != null && first != JsonToken.VALUE_NULL) {
            require(yaml, first == JsonToken.START_OBJECT, "rules", "write 'rules:' and a list of rules under it");
            boolean seen = false;
            while (yaml.nextToken() == JsonToken.FIELD_NAME) {
                String field = yaml.currentName();
                require(yaml, "rules".equals(field), field, "unknown field; the only one here is rules");
                require(yaml, !seen, field, "is there twice; join the two lists");
                seen = true;
                readRules(yaml, rules);
            }
        }
        require(yaml, yaml.nextToken() == null, "rules", "more than one document; remove the line '---' and join them");
        return rules;
    }

    private void readRules(JsonParser yaml, Map<String, RateLimits> rules) throws IOException {
        JsonToken start = yaml.nextToken();
        if (start == JsonToken.VALUE_NULL) {
            return;
        }
        require(yaml, start == JsonToken.START_ARRAY, "rules", "must be a list; start each rule with '- for: …'");
        for (int i = 0; yaml.nextToken() != JsonToken.END_ARRAY; i++) {
            readRule(yaml, "rules[" + i + "]", rules);
        }
    }

    private void readRule(JsonParser yaml, String rule, Map<String, RateLimits> rules) throws IOException {
        require(
                yaml,
                yaml.currentToken() == JsonToken.START_OBJECT,
                rule,
                "must have fields; write '- for: user:alice'");
        int line = line(yaml);
        String identity = null;
        Map<Limit, Long> override = new EnumMap<>(Limit.class);
        while (yaml.nextToken() == JsonToken.FIELD_NAME) {
            String name = yaml.currentName();
            String field = rule + "." + name;
            if (FOR.equals(name)) {
                require(yaml, identity == null, field, "is there twice; remove one");
                identity = readIdentity(yaml, field);
                require(yaml, !rules.containsKey(identity), field, "this caller has a rule above; join the two");
            } else {
                Limit limit = readLimit(yaml, name, field);
                require(yaml, !override.containsKey(limit), field, "is there twice; remove one");
                override.put(limit, readNumber(yaml, field));
            }
        }
        if (identity == null) {
            throw wrong(line, rule + "." + FOR, "is missing; write 'for: user:alice'");
        }
        if (override.isEmpty()) {
            throw wrong(line, rule, "sets no limit; add one of " + FIELDS + ", or remove the rule");
        }
        rules.put(identity, defaults.overlay(override));
    }

    private String readIdentity(JsonParser yaml, String field) throws IOException {
        String fix = "must be user:<id>, api:<key id> or ip:<address>";
        require(yaml, yaml.nextToken() == JsonToken.VALUE_STRING, field, fix);
        try {
            return Identity.of(yaml.getText()).key();
        } catch (IllegalArgumentException e) {
            throw wrong(line(yaml), field, fix);
        }
    }

    private Limit readLimit(JsonParser yaml, String name, String field) {
        return List.of(Limit.values()).stream()
                .filter(limit -> limit.field().equals(name))
                .findFirst()
                .orElseThrow(() -> wrong(line(yaml), field, "unknown field; the fields are " + FIELDS));
    }

    private long readNumber(JsonParser yaml, String field) throws IOException {
        String fix = "must be a whole number from 1 to " + RateLimits.LARGEST + ", or 0 for unlimited";
        require(yaml, yaml.nextToken() == JsonToken.VALUE_NUMBER_INT, field, fix);
        boolean fits = yaml.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && yaml.getLongValue() >= 0
                && yaml.getLongValue() <= RateLimits.LARGEST;
        require(yaml, fits, field, fix);
        return yaml.getLongValue();
    }

    private void require(JsonParser yaml, boolean right, @Nullable String field, String fix) {
        if (!right) {
            throw wrong(line(yaml), String.valueOf(field), fix);
        }
    }

    private IllegalArgumentException wrong(int line, String field, String fix) {
        return new IllegalArgumentException(file + " line " + line + ": " + field + ": " + fix);
    }

    private static int line(JsonParser yaml) {
        return yaml.currentTokenLocation().getLineNr();
    }
}
