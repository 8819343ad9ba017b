package ai.robutler.gateway.model;

import java.nio.charset.StandardCharsets;

/**
 * What every part of one answer says of itself.
 *
 * @param id {@code chatcmpl-…}, ours: one id whatever the providers of a request call theirs
 * @param created Unix seconds
 * @param model what the client asked for, else the agent's name
 */
public record AnswerHead(String id, long created, String model) {

    /** Everything of a chunk before its first choice, as UTF-8. */
    byte[] chunkPrefix(String quotedModel) {
        String text = "data: {\"id\":\"" + id + "\",\"object\":\"chat.completion.chunk\",\"created\":" + created
                + ",\"model\":" + quotedModel + ",\"choices\":[";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
