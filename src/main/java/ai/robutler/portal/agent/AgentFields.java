package ai.robutler.portal.agent;

import ai.robutler.api.AgentName;
import ai.robutler.api.ApiException;
import ai.robutler.portal.Fields;
import ai.robutler.portal.Ids;
import ai.robutler.portal.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * An agent as a request's body describes it. A field that is not sent stays as it was; one that is sent as null is as if it
 * had never been set. Fails with 400, which names the field.
 */
final class AgentFields {
    private static final int MOST_NAME = 200;
    private static final int MOST_TEXT = 2_000;
    private static final int MOST_INSTRUCTIONS = 100_000;
    private static final int MOST_MODEL = 200;
    private static final int MOST_ENTRIES = 50;
    private static final int MOST_TOOLS = 128;
    private static final int MOST_ENTRY = 500;
    private static final int MOST_SKILLS = 64;
    private static final int MOST_SKILL_NAME = 64;
    private static final int MOST_SKILL_BYTES = 32 * 1024;
    private static final long MOST_PERCENT = 1_000_000_000;
    private static final Pattern URL = Pattern.compile("(https?://[^/\\s\\\\]|/[^/\\\\])\\S*|/");

    private final Fields fields;

    /** The agent that these fields describe. */
    AgentFields(Fields fields) {
        this.fields = fields;
    }

    /** A new agent. Its name and its instructions must be there. */
    StoredAgent create(String ownerId, long now) {
        StoredAgent.Profile nothing = new StoredAgent.Profile(
                "", Optional.empty(), "", Optional.empty(), List.of(), Json.object(), List.of());
        fields.requiredText("name", MOST_NAME);
        fields.requiredText("instructions", MOST_INSTRUCTIONS);
        return change(
                new StoredAgent(
                        Ids.next(),
                        ownerId,
                        nothing,
                        new StoredAgent.Access(false, false, false),
                        new StoredAgent.Pricing(
                                OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()),
                        new StoredAgent.Look(
                                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of()),
                        now,
                        now),
                now);
    }

    /** The agent after this change. */
    StoredAgent change(StoredAgent before, long now) {
        return new StoredAgent(
                before.id(),
                before.ownerId(),
                profile(before.profile()),
                access(before.access()),
                pricing(before.pricing()),
                look(before.look()),
                before.createdAt(),
                Math.max(now, before.updatedAt()));
    }

    private StoredAgent.Profile profile(StoredAgent.Profile before) {
        return new StoredAgent.Profile(
                fields.has("name") ? name() : before.name(),
                text("description", MOST_TEXT, before.description()),
                fields.has("instructions")
                        ? fields.requiredText("instructions", MOST_INSTRUCTIONS)
                        : before.instructions(),
                text("model", MOST_MODEL, before.model()),
                texts("intents", MOST_ENTRIES, before.intents()),
                fields.has("skills") ? skills() : before.skills(),
                texts("tools", MOST_TOOLS, before.tools()));
    }

    private String name() {
        String text = fields.requiredText("name", MOST_NAME);
        return AgentName.of(text)
                .orElseThrow(() -> ApiException.inField("name", "The field 'name' " + AgentName.rule()));
    }

    private JsonNode skills() {
        JsonNode skills = fields.any("skills").orElseGet(Json::object);
        boolean named = skills.isObject() && skills.size() <= MOST_SKILLS;
        for (String name : (Iterable<String>) skills::fieldNames) {
            named &= !name.isBlank() && name.length() <= MOST_SKILL_NAME;
        }
        if (!named) {
            throw ApiException.inField(
                    "skills",
                    "The field 'skills' must be an object of at most " + MOST_SKILLS
                            + " skills: their names, of at most " + MOST_SKILL_NAME
                            + " characters, with their settings");
        }
        int size = Json.bytes(skills).length;
        if (size > MOST_SKILL_BYTES) {
            throw ApiException.inField(
                    "skills", "The field 'skills' may have at most " + MOST_SKILL_BYTES + " bytes; it has " + size);
        }
        return skills;
    }

    private StoredAgent.Access access(StoredAgent.Access before) {
        String canTalk = fields.has("canTalkToOtherAgents") ? "canTalkToOtherAgents" : "canUseOtherAgents";
        return new StoredAgent.Access(
                flag(canTalk, before.canTalkToOtherAgents()),
                flag("otherAgentsCanTalk", before.otherAgentsCanTalk()),
                flag("isPublic", before.isPublic()));
    }

    private StoredAgent.Pricing pricing(StoredAgent.Pricing before) {
        OptionalLong percent = millionths("agentPricingPercent", before.agentPricingPercent());
        if (percent.orElse(0) > MOST_PERCENT) {
            throw ApiException.inField("agentPricingPercent", "The field 'agentPricingPercent' must be from 0 to 1000");
        }
        return new StoredAgent.Pricing(
                millionths("creditsPerToken", before.creditsPerToken()),
                millionths("creditsPerCall", before.creditsPerCall()),
                millionths("minimumBalance", before.minimumBalance()),
                percent);
    }

    private StoredAgent.Look look(StoredAgent.Look before) {
        return new StoredAgent.Look(
                url("avatarUrl", before.avatarUrl()),
                text("greetingMessage", MOST_TEXT, before.greetingMessage()),
                url("greetingImageMobile", before.greetingImageMobile()),
                url("greetingImageDesktop", before.greetingImageDesktop()),
                texts("suggestedActions", MOST_ENTRIES, before.suggestedActions()));
    }

    private Optional<String> text(String name, int most, Optional<String> before) {
        return fields.has(name) ? fields.text(name, most).filter(text -> !text.isBlank()) : before;
    }

    /** Pages show it as an image: nothing but the two schemes, and paths of this server, may stand there. */
    private Optional<String> url(String name, Optional<String> before) {
        Optional<String> url = text(name, MOST_TEXT, before);
        if (url.isPresent() && !URL.matcher(url.get()).matches()) {
            throw ApiException.inField(
                    name,
                    "The field '" + name + "' must be an address that begins with https:// or http://, or a path that"
                            + " begins with /; upload the image as content instead of sending it as data:");
        }
        return url;
    }

    private List<String> texts(String name, int most, List<String> before) {
        if (!fields.has(name)) {
            return before;
        }
        List<String> texts = fields.texts(name, most, MOST_ENTRY).orElse(List.of());
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).isBlank()) {
                throw ApiException.inField(name, name + "[" + i + "] must not be blank");
            }
        }
        return texts.stream().distinct().toList();
    }

    private boolean flag(String name, boolean before) {
        return fields.has(name) ? fields.flag(name).orElse(false) : before;
    }

    private OptionalLong millionths(String name, OptionalLong before) {
        return fields.has(name) ? fields.millionths(name) : before;
    }
}
