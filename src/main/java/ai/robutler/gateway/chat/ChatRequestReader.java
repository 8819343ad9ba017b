package ai.robutler.gateway.chat;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.http.HttpCall;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The {@code chatRequestReader} bean: JSON to {@link ChatRequest}, or 400 with the field at fault. */
public final class ChatRequestReader {
    /** What some editors put before UTF-8. */
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final ChatRequestRules rules;
    private final ObjectMapper json;

    /**
     * @param maxDepth deepest nesting of the JSON
     * @param maxMessages most messages in one request
     */
    public ChatRequestReader(int maxDepth, int maxMessages) {
        this.rules = new ChatRequestRules(maxMessages);
        JsonFactory factory = JsonFactory.builder()
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNumberLength(100)
                        .maxNameLength(1_000)
                        .maxStringLength(100_000_000)
                        .build())
                .build();
        this.json = JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /**
     * Sets the variable {@code chatRequest} from the body. Fails with 400 invalid_json or invalid_request, 413, 408 or 415.
     */
    public void read(Exchange exchange) {
        HttpCall call = HttpCall.of(exchange);
        ApiException unread = call.readFailure();
        if (unread != null) {
            throw unread;
        }
        requireJson(call.request().getHeader("Content-Type"), call.request().getHeader("Content-Encoding"));
        exchange.setVariable("chatRequest", read(exchange.getMessage().getBody(byte[].class)));
    }

    /** The request that these bytes hold. */
    public ChatRequest read(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length == 0) {
            throw ApiException.of(ErrorCode.INVALID_JSON, "The request has no body; send a JSON object");
        }
        JsonNode tree = parse(bytes);
        if (!(tree instanceof ObjectNode body)) {
            throw ApiException.of(ErrorCode.INVALID_JSON, "The request body must be a JSON object");
        }
        dropNulls(body);
        rules.check(body);
        return new ChatRequest(
                body,
                body.path("stream").asBoolean(false),
                body.path("stream_options").path("include_usage").asBoolean(false),
                Optional.ofNullable(body.get("model")).map(JsonNode::asText).filter(name -> !name.isBlank()));
    }

    private JsonNode parse(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            int start = startsWithMark(bytes) ? BYTE_ORDER_MARK.length : 0;
            JsonNode tree = json.readTree(bytes, start, bytes.length - start);
            if (escapesSurrogate(bytes) && !isWhole(tree)) {
                throw ApiException.of(ErrorCode.INVALID_JSON, "The request body escapes half of a character");
            }
            return tree;
        } catch (CharacterCodingException notUtf8) {
            throw ApiException.of(ErrorCode.INVALID_JSON, "The request body is not UTF-8");
        } catch (NumberFormatException exponent) {
            throw ApiException.of(ErrorCode.INVALID_JSON, "The request body holds a number that is too large");
        } catch (JacksonException notJson) {
            throw ApiException.of(ErrorCode.INVALID_JSON, "The request body is not valid JSON" + place(notJson));
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory are always readable", e);
        }
    }

    private static boolean startsWithMark(byte[] bytes) {
        int length = BYTE_ORDER_MARK.length;
        return bytes.length >= length && Arrays.equals(bytes, 0, length, BYTE_ORDER_MARK, 0, length);
    }

    /** Whether an escape may name half of a character. */
    private static boolean escapesSurrogate(byte[] bytes) {
        for (int i = 0; i + 2 < bytes.length; i++) {
            if (bytes[i] == '\\' && bytes[i + 1] == 'u' && (bytes[i + 2] | 0x20) == 'd') {
                return true;
            }
        }
        return false;
    }

    /** Whether all texts and names can be written as UTF-8. */
    private static boolean isWhole(JsonNode node) {
        if (node.isTextual()) {
            return isWhole(node.asText());
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!isWhole(field.getKey())) {
                return false;
            }
        }
        for (JsonNode child : node) {
            if (!isWhole(child)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWhole(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Where the error is; never the text around it. */
    private static String place(JacksonException notJson) {
        return notJson.getLocation() == null
                ? ""
                : " (line " + notJson.getLocation().getLineNr() + ", column "
                        + notJson.getLocation().getColumnNr() + ")";
    }

    private static void dropNulls(ObjectNode body) {
        List<String> nulls = new ArrayList<>();
        body.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                nulls.add(field.getKey());
            }
        });
        body.remove(nulls);
    }

    /** JSON under its own type, under text/plain (what paying clients send on their second try), or under none. */
    private static void requireJson(@Nullable String type, @Nullable String encoding) {
        if (encoding != null && !encoding.isBlank() && !encoding.trim().equalsIgnoreCase("identity")) {
            throw ApiException.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding is not supported; send the body as it is");
        }
        if (type == null || type.isBlank()) {
            return;
        }
        String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
        String media = parts[0].trim();
        if (!media.equals("application/json") && !media.equals("text/plain")) {
            throw ApiException.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json");
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replace("\"", "").trim();
            if (parameter.startsWith("charset=")
                    && !parameter.equals("charset=utf-8")
                    && !parameter.equals("charset=utf8")
                    && !parameter.equals("charset=us-ascii")) {
                throw ApiException.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The charset must be utf-8");
            }
        }
    }
}
