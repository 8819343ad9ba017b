package ai.robutler.portal.content;

import ai.robutler.api.ApiException;
import ai.robutler.http.Upload;
import ai.robutler.portal.Fields;
import ai.robutler.portal.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what an owner says of a file, from a form or from JSON. */
final class ContentFields {
    private static final int MOST_DESCRIPTION = 2_000;
    private static final int MOST_TAGS = 32;
    private static final int MOST_TAG = 64;
    private static final int MOST_NAME = 255;
    private static final Pattern NOT_IN_TAGS = Pattern.compile("[\"\\\\\\p{Cc}]");

    private ContentFields() {}

    /** Of an upload; private unless it says otherwise. */
    static ContentFile.About of(Upload upload) {
        List<String> tags = upload.fields().getOrDefault("tags", List.of());
        return new ContentFile.About(
                upload.field("visibility").map(ContentFields::isPublic).orElse(false),
                tags("tags", tags),
                upload.field("description").filter(text -> !text.isBlank()).map(ContentFields::description));
    }

    /** The file as the fields change it. */
    static ContentFile changed(ContentFile file, Fields fields) {
        ContentFile.About about = file.about();
        boolean isPublic =
                fields.text("visibility", MOST_TAG).map(ContentFields::isPublic).orElse(about.isPublic());
        Optional<String> description =
                fields.has("description") ? fields.text("description", MOST_DESCRIPTION) : about.description();
        List<String> tags = fields.any("tags").map(ContentFields::tags).orElse(about.tags());
        String name = fields.text("name", MOST_NAME)
                .or(() -> fields.text("fileName", MOST_NAME))
                .map(text -> named(text))
                .orElse(file.fileName());
        return file.called(name).with(new ContentFile.About(isPublic, tags, description));
    }

    private static String named(String text) {
        if (text.isBlank()) {
            throw ApiException.inField("name", "The field 'name' must not be empty");
        }
        return FileName.clean(text);
    }

    /** Whether the visibility of that name is the public one. Fails with 400. */
    static boolean isPublic(String text) {
        if (!text.equals("public") && !text.equals("private")) {
            throw ApiException.inField("visibility", "The field 'visibility' takes private or public");
        }
        return text.equals("public");
    }

    private static String description(String text) {
        if (text.length() > MOST_DESCRIPTION || text.indexOf('\0') >= 0) {
            throw ApiException.inField(
                    "description",
                    "The field 'description' may have at most " + MOST_DESCRIPTION + " characters, and no NUL");
        }
        return text;
    }

    private static List<String> tags(JsonNode value) {
        List<String> texts = new ArrayList<>();
        if (value.isTextual()) {
            texts.add(value.textValue());
        } else if (value.isArray()) {
            value.forEach(entry -> texts.add(entry.isTextual() ? entry.textValue() : "\""));
        } else {
            texts.add("\"");
        }
        return tags("tags", texts);
    }

    /**
     * Tags, in order and once each: texts with commas between them, or a JSON list.
     *
     * @param param what they are called in the request
     */
    static List<String> tags(String param, List<String> values) {
        Set<String> tags = new LinkedHashSet<>();
        for (String value : values) {
            for (String tag : split(value)) {
                if (!tag.isBlank()) {
                    tags.add(tag.strip());
                }
            }
        }
        boolean wrong = tags.stream()
                .anyMatch(tag ->
                        tag.length() > MOST_TAG || NOT_IN_TAGS.matcher(tag).find());
        if (tags.size() > MOST_TAGS || wrong) {
            throw ApiException.inField(
                    param,
                    "'" + param + "' takes at most " + MOST_TAGS + " texts of at most " + MOST_TAG
                            + " characters, without quotes, backslashes and controls");
        }
        return List.copyOf(tags);
    }

    private static List<String> split(String value) {
        String text = value.strip();
        if (text.startsWith("[\"") && text.endsWith("\"]")) {
            try {
                return Json.texts(text);
            } catch (IllegalStateException notJson) {
                return List.of("\"");
            }
        }
        return text.equals("[]") ? List.of() : List.of(text.split(",", -1));
    }
}
