package ai.robutler.portal.intent;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.portal.Fields;
import ai.robutler.portal.PortalRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads intents as clients publish them. What is wrong is a 400 that names the field, such as {@code intents[2].url}. */
final class IntentReader {
    /** Characters of an intent, or of a question. */
    static final int MOST_INTENT = 1_000;
    /** Characters of an id or name. */
    static final int MOST_ID = 200;

    private static final int MOST_INTENTS = 100;
    private static final int MOST_DESCRIPTION = 256;
    private static final int MOST_PROTOCOL = 64;
    private static final int MOST_SUBPATH = 200;
    private static final int USUAL_DAYS = 30;
    private static final int MOST_DAYS = 365;
    private static final double MOST_RANK = 1_000_000;
    private static final double MOST_LATITUDE = 90;
    private static final double MOST_LONGITUDE = 180;

    private IntentReader() {}

    /** The list {@code intents}, of 1 to {@value #MOST_INTENTS}, or the one that the body itself is. */
    static List<IntentDraft> read(PortalRequest request) {
        Fields body = request.fields();
        Optional<List<Fields>> list = body.objects("intents", MOST_INTENTS);
        if (list.isEmpty()) {
            return List.of(draft(body, request, body, ""));
        }
        List<IntentDraft> drafts = new ArrayList<>();
        for (Fields each : list.get()) {
            String param = "intents[" + drafts.size() + "].";
            drafts.add(inEntry(param, () -> draft(each, request, body, param)));
        }
        return List.copyOf(drafts);
    }

    /** The same where there must be a list. */
    static List<IntentDraft> readList(PortalRequest request) {
        if (request.fields().any("intents").isEmpty()) {
            throw ApiException.inField("intents", "The field 'intents' is missing; it takes a list of intents");
        }
        return read(request);
    }

    /** What the work gives; its failure names the entry as well. */
    static <T> T inEntry(String param, java.util.function.Supplier<T> work) {
        try {
            return work.get();
        } catch (ApiException failure) {
            String field = failure.param();
            if (param.isEmpty() || field == null || failure.code() != ErrorCode.INVALID_REQUEST) {
                throw failure;
            }
            String entry = param.substring(0, param.length() - 1);
            throw ApiException.inField(param + field, "In " + entry + ": " + failure.message());
        }
    }

    private static IntentDraft draft(Fields fields, PortalRequest request, Fields body, String param) {
        String intent = fields.requiredText("intent", MOST_INTENT).strip();
        Optional<String> description = fields.text("agentDescription", MOST_DESCRIPTION)
                .or(() -> fields.text("description", MOST_DESCRIPTION))
                .filter(text -> !text.isBlank());
        Terms terms = new Terms(
                intent,
                description,
                WebAddress.read(fields, "url"),
                fields.text("protocol", MOST_PROTOCOL)
                        .filter(text -> !text.isBlank())
                        .orElse(Terms.PROTOCOL),
                subpath(fields),
                fields.number("rank", -MOST_RANK, MOST_RANK).orElse(0),
                place(fields));
        return new IntentDraft(
                terms,
                agent(fields, request),
                fields.text("userId", MOST_ID).or(() -> body.text("userId", MOST_ID)),
                (int) fields.whole("ttlDays", 1, MOST_DAYS).orElse(USUAL_DAYS),
                param);
    }

    private static String agent(Fields fields, PortalRequest request) {
        return fields.text("agentId", MOST_ID)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .or(() -> request.owner().agentId())
                .orElseThrow(() -> ApiException.inField(
                        "agent_id", "The field 'agent_id' is missing; it takes an agent's id or name"));
    }

    /** The field {@code intent_id}. */
    static String id(Fields fields) {
        return fields.text("intentId", MOST_ID)
                .filter(text -> !text.isBlank())
                .orElseThrow(() ->
                        ApiException.inField("intent_id", "The field 'intent_id' is missing; it takes an intent's id"));
    }

    private static String subpath(Fields fields) {
        String subpath = fields.text("subpath", MOST_SUBPATH).orElse(Terms.SUBPATH);
        if (!subpath.isEmpty() && !subpath.startsWith("/")) {
            throw ApiException.inField("subpath", "The field 'subpath' must begin with '/'");
        }
        return subpath;
    }

    /** The place in {@code latitude} and {@code longitude}; empty when neither is there. */
    static Optional<Place> place(Fields fields) {
        OptionalDouble latitude = fields.number("latitude", -MOST_LATITUDE, MOST_LATITUDE);
        OptionalDouble longitude = fields.number("longitude", -MOST_LONGITUDE, MOST_LONGITUDE);
        if (latitude.isPresent() != longitude.isPresent()) {
            String missing = latitude.isPresent() ? "longitude" : "latitude";
            throw ApiException.inField(
                    missing, "The field '" + missing + "' is missing; a place takes latitude and longitude");
        }
        return latitude.isPresent()
                ? Optional.of(new Place(latitude.getAsDouble(), longitude.getAsDouble()))
                : Optional.empty();
    }
}
