package ai.robutler.gateway.model;

import ai.robutler.api.openai.Usage;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Turns a provider's chunks into ours: one id and model, the role first, usage where the client expects it. Text is passed
 * on as the bytes that came. One stream's; used on one event loop.
 */
final class ChunkRewriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] CHOICE = ascii("{\"index\":0,\"delta\":{");
    private static final byte[] ROLE =
            ascii("{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}" + ",\"finish_reason\":null}]");
    private static final byte[] OPEN_END = ascii(",\"finish_reason\":null}]");
    private static final byte[] NO_USAGE = ascii(",\"usage\":null");
    private static final byte[] EVENT_END = ascii("}\n\n");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");

    private final byte[] prefix;
    private final boolean usageApart;
    private final boolean usageOnFinish;
    private final UsageMeter meter;
    private final ToolCallDeltas toolCalls = new ToolCallDeltas();
    private final Part part = new Part();
    private final ByteSink delta = new ByteSink(256);
    private final ByteSink choiceExtras = new ByteSink(16);
    private final ByteSink extras = new ByteSink(64);
    private boolean extrasWait;
    private boolean roleSent;
    private boolean finishSent;
    private boolean done;
    private String finish = "";

    /**
     * @param includeUsage the client wants the figures in an extra last chunk
     * @param usageOnFinish without the above, the finishing chunk carries them
     */
    ChunkRewriter(AnswerHead head, boolean includeUsage, boolean usageOnFinish, UsageMeter meter) {
        this.prefix = head.chunkPrefix(quoted(head.model()));
        this.usageApart = includeUsage;
        this.usageOnFinish = usageOnFinish;
        this.meter = meter;
    }

    /**
     * Takes one event of the provider's and appends what the client gets.
     *
     * @throws ProviderFailure when the event is an error, or not a chunk
     */
    void event(byte[] json, int from, int to, ByteSink out) {
        if (done) {
            return;
        }
        if (JsonSlices.is(json, from, to, "[DONE]")) {
            done = true;
            return;
        }
        part.reset();
        extrasWait = extras.length() > 0;
        if (!JsonSlices.members(json, from, to, part::topLevel)) {
            throw ProviderFailure.broken("the stream holds something that is not a chunk");
        }
        if (part.errorFrom >= 0) {
            throw ProviderFailure.broken("the model reported an error in its stream");
        }
        if (part.usageFrom >= 0) {
            readUsage(json, part.usageFrom, part.usageTo);
        }
        int choice = part.choicesFrom < 0 ? -1 : JsonSlices.firstElement(json, part.choicesFrom, part.choicesTo);
        if (choice >= 0) {
            choice(json, choice, part.choicesTo, out);
        }
    }

    /** Whether the provider has said all: a reason to finish, or its own end mark. */
    boolean complete() {
        return done || !finish.isEmpty();
    }

    /** Whether the provider has sent its end mark: nothing that follows counts. */
    boolean done() {
        return done;
    }

    /** Appends the last chunks and the end mark. */
    void end(ByteSink out) {
        role(out);
        String reason = FinishReason.known(finish, toolCalls.any());
        if (!finishSent) {
            finishChunk(reason, out);
        }
        if (usageApart) {
            out.add(prefix).add("],\"usage\":").add(meter.node().toString());
            out.add(EVENT_END);
        }
        out.add(DONE);
    }

    /** Why the answer ended, as the client was told. */
    String finishReason() {
        return FinishReason.known(finish, toolCalls.any());
    }

    /** Whether {@link #usage()} has to count, which is nothing for an event loop. */
    boolean mustCount() {
        return meter.mustCount();
    }

    /** What the answer took so far. */
    Usage usage() {
        return meter.usage();
    }

    private void choice(byte[] json, int from, int to, ByteSink out) {
        delta.clear();
        choiceExtras.clear();
        part.deltaFrom = -1;
        part.finishFrom = -1;
        if (!JsonSlices.members(json, from, to, part::choice)) {
            throw ProviderFailure.broken("the stream holds a choice that is not an object");
        }
        if (part.deltaFrom >= 0) {
            JsonSlices.members(json, part.deltaFrom, part.deltaTo, this::deltaMember);
        }
        role(out);
        if (delta.length() > 0 || choiceExtras.length() > 0) {
            out.add(prefix).add(CHOICE).add(delta);
            out.add('}').add(choiceExtras).add(OPEN_END);
            endChunk(out);
        }
        if (part.finishFrom >= 0 && finish.isEmpty()) {
            finish = new String(json, part.finishFrom, part.finishTo - part.finishFrom, StandardCharsets.UTF_8);
            if (usageApart || !usageOnFinish) {
                finishChunk(FinishReason.known(finish, toolCalls.any()), out);
            }
        }
    }

    private void deltaMember(byte[] json, int nameFrom, int nameTo, int from, int to) {
        if (JsonSlices.is(json, nameFrom, nameTo, "role") || JsonSlices.is(json, from, to, "null")) {
            return;
        }
        if (JsonSlices.is(json, nameFrom, nameTo, "tool_calls")) {
            toolCallMember(json, from, to);
            return;
        }
        if (json[from] == '[' && JsonSlices.is(json, nameFrom, nameTo, "content")) {
            contentParts(json, from, to);
            return;
        }
        if (json[from] == '"') {
            if (to - from == 2 && JsonSlices.is(json, nameFrom, nameTo, "content")) {
                return;
            }
            meter.wrote(json, from, to);
        }
        member(delta, json, nameFrom, nameTo, from, to);
    }

    /** Content as text, also when a provider sends it in parts: clients break on these. */
    private void contentParts(byte[] json, int from, int to) {
        try {
            byte[] text = quoted(ChatCompletions.text(JSON.readTree(json, from, to - from)))
                    .getBytes(StandardCharsets.UTF_8);
            if (text.length > 2) {
                meter.wrote(text, 0, text.length);
                delta.add(delta.length() > 0 ? ",\"content\":" : "\"content\":").add(text);
            }
        } catch (IOException notJson) {
            throw ProviderFailure.broken("the stream holds content that is not JSON");
        }
    }

    private void toolCallMember(byte[] json, int from, int to) {
        if (JsonSlices.firstElement(json, from, to) < 0) {
            return;
        }
        try {
            byte[] calls = toolCalls.normalise(json, from, to, meter);
            if (delta.length() > 0) {
                delta.add(',');
            }
            delta.add("\"tool_calls\":").add(calls);
        } catch (IOException notJson) {
            throw ProviderFailure.broken("the stream holds tool calls that are not JSON");
        }
    }

    private void role(ByteSink out) {
        if (!roleSent) {
            roleSent = true;
            out.add(prefix).add(ROLE);
            endChunk(out);
        }
    }

    private void finishChunk(String reason, ByteSink out) {
        finishSent = true;
        out.add(prefix).add(CHOICE);
        out.add("},\"finish_reason\":\"" + reason + "\"}]");
        if (!usageApart && usageOnFinish) {
            out.add(",\"usage\":").add(meter.node().toString());
            out.add(EVENT_END);
        } else {
            endChunk(out);
        }
    }

    private void endChunk(ByteSink out) {
        if (usageApart) {
            out.add(NO_USAGE);
        }
        if (extras.length() > 0) {
            out.add(extras);
            extras.clear();
        }
        out.add(EVENT_END);
    }

    private void readUsage(byte[] json, int from, int to) {
        try {
            meter.told(JSON.readTree(json, from, to - from));
        } catch (IOException notJson) {
            throw ProviderFailure.broken("the stream holds a usage that is not JSON");
        }
    }

    /** Appends a member as it came, behind a comma where one is needed. */
    private static void member(ByteSink out, byte[] json, int nameFrom, int nameTo, int from, int to) {
        if (out.length() > 0) {
            out.add(',');
        }
        rawMember(out, json, nameFrom, nameTo, from, to);
    }

    private static void rawMember(ByteSink out, byte[] json, int nameFrom, int nameTo, int from, int to) {
        out.add(json, nameFrom - 1, nameTo - nameFrom + 2).add(':');
        out.add(json, from, to - from);
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (IOException e) {
            throw new IllegalStateException("a text is always JSON", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Where the parts of the present chunk are. */
    private final class Part {
        private int choicesFrom;
        private int choicesTo;
        private int usageFrom;
        private int usageTo;
        private int errorFrom;
        private int deltaFrom;
        private int deltaTo;
        private int finishFrom;
        private int finishTo;

        void reset() {
            choicesFrom = -1;
            usageFrom = -1;
            errorFrom = -1;
        }

        void topLevel(byte[] json, int nameFrom, int nameTo, int from, int to) {
            boolean absent = JsonSlices.is(json, from, to, "null");
            switch (nameTo - nameFrom) {
                case 2 -> other(json, nameFrom, nameTo, from, to, "id");
                case 5 -> {
                    if (JsonSlices.is(json, nameFrom, nameTo, "usage")) {
                        usageFrom = absent ? -1 : from;
                        usageTo = to;
                    } else if (JsonSlices.is(json, nameFrom, nameTo, "error")) {
                        errorFrom = absent ? -1 : from;
                    } else {
                        other(json, nameFrom, nameTo, from, to, "model");
                    }
                }
                case 6 -> other(json, nameFrom, nameTo, from, to, "object");
                case 7 -> {
                    if (JsonSlices.is(json, nameFrom, nameTo, "choices")) {
                        choicesFrom = from;
                        choicesTo = to;
                    } else {
                        other(json, nameFrom, nameTo, from, to, "created");
                    }
                }
                default -> other(json, nameFrom, nameTo, from, to, "");
            }
        }

        /** Keeps a member that we do not set ourselves for the next chunk that goes out. */
        private void other(byte[] json, int nameFrom, int nameTo, int from, int to, String ours) {
            if (!JsonSlices.is(json, nameFrom, nameTo, ours)
                    && extras.length() + to - nameFrom < UsageMeter.KEPT_BYTES
                    && !(extrasWait && waits(new String(json, nameFrom, nameTo - nameFrom, StandardCharsets.UTF_8)))) {
                extras.add(',');
                rawMember(extras, json, nameFrom, nameTo, from, to);
            }
        }

        /** Whether an earlier event, which gave nothing to send, has left a member of that name. */
        private boolean waits(String name) {
            byte[] object = new ByteSink(64).add('{').add(extras).add('}').toBytes();
            object[1] = ' ';
            boolean[] found = new boolean[1];
            JsonSlices.members(object, 0, object.length, (waiting, nameFrom, nameTo, from, to) -> {
                String other = new String(waiting, nameFrom, nameTo - nameFrom, StandardCharsets.UTF_8);
                found[0] |= other.equals(name);
            });
            return found[0];
        }

        void choice(byte[] json, int nameFrom, int nameTo, int from, int to) {
            if (JsonSlices.is(json, nameFrom, nameTo, "delta")) {
                deltaFrom = from;
                deltaTo = to;
            } else if (JsonSlices.is(json, nameFrom, nameTo, "finish_reason")) {
                finishFrom = json[from] == '"' ? from + 1 : -1;
                finishTo = to - 1;
            } else if (!JsonSlices.is(json, nameFrom, nameTo, "index") && !JsonSlices.is(json, from, to, "null")) {
                choiceExtras.add(',');
                rawMember(choiceExtras, json, nameFrom, nameTo, from, to);
            }
        }
    }
}
