package ai.robutler.gateway.model.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Requests as tests write them: JSON with single quotes. */
final class ChatRequests {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ChatRequests() {}

    static JsonNode json(String singleQuoted) {
        return parsed(singleQuoted.replace('\'', '"'));
    }

    static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A request with one user message, and further fields such as {@code 'stop':'x'}. */
    static JsonNode asking(String question, String... fields) {
        StringBuilder text =
                new StringBuilder("{'model':'demo','messages':[{'role':'user','content':'" + question + "'}]");
        for (String field : fields) {
            text.append(',').append(field);
        }
        return json(text.append('}').toString());
    }

    /** A {@code tools} field with one function. */
    static String tool(String name, String parameters) {
        return "'tools':[{'type':'function','function':{'name':'" + name + "','parameters':" + parameters + "}}]";
    }
}
