package ai.robutler.portal.agent;

import ai.robutler.api.portal.PortalAgent;
import ai.robutler.portal.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A dynamic agent as its owner has described it.
 *
 * @param id UUIDv7
 * @param ownerId the user that it belongs to
 * @param profile what it is
 * @param access who may use it, and whom it may use
 * @param pricing what it costs
 * @param look how it is shown
 * @param createdAt when it was made, in milliseconds since 1970
 * @param updatedAt when it was last changed, in milliseconds since 1970
 */
public record StoredAgent(
        String id,
        String ownerId,
        Profile profile,
        Access access,
        Pricing pricing,
        Look look,
        long createdAt,
        long updatedAt) {

    /** Its name in lower case. */
    public String name() {
        return profile.name();
    }

    /** The part of it that serving it needs. */
    public PortalAgent served() {
        Set<String> skills = new LinkedHashSet<>();
        profile.skills().fieldNames().forEachRemaining(skills::add);
        return new PortalAgent(
                id,
                profile.name(),
                ownerId,
                profile.description(),
                profile.instructions(),
                profile.model(),
                skills,
                profile.tools(),
                access.isPublic(),
                access.otherAgentsCanTalk(),
                new PortalAgent.Pricing(
                        credits(pricing.creditsPerToken()),
                        credits(pricing.creditsPerCall()),
                        credits(pricing.minimumBalance()),
                        credits(pricing.agentPricingPercent())));
    }

    private static Optional<BigDecimal> credits(OptionalLong millionths) {
        return millionths.isEmpty() ? Optional.empty() : Optional.ofNullable(Json.credits(millionths.getAsLong()));
    }

    /** Whether everybody may find and call it. */
    public boolean isPublic() {
        return access.isPublic();
    }

    /**
     * What an agent is.
     *
     * @param name its name in lower case; unique
     * @param description what it is good for
     * @param instructions its system prompt
     * @param model the model that it asks for; empty means the gateway's default
     * @param intents phrases that say what it can do
     * @param skills a JSON object: names of skills with their settings; never changed
     * @param tools names of its tools
     */
    public record Profile(
            String name,
            Optional<String> description,
            String instructions,
            Optional<String> model,
            List<String> intents,
            JsonNode skills,
            List<String> tools) {

        /** Copies the lists. */
        public Profile {
            intents = List.copyOf(intents);
            tools = List.copyOf(tools);
        }
    }

    /**
     * Who may use an agent, and whom it may use.
     *
     * @param canTalkToOtherAgents whether it may call other agents
     * @param otherAgentsCanTalk whether other agents may call it
     * @param isPublic whether everybody may find and call it; else only its owner
     */
    public record Access(boolean canTalkToOtherAgents, boolean otherAgentsCanTalk, boolean isPublic) {}

    /**
     * What an agent costs, in millionths; each is empty where it is not set.
     *
     * @param creditsPerToken millionths of a credit for each token
     * @param creditsPerCall millionths of a credit for each call
     * @param minimumBalance millionths of a credit that a caller must have to be answered
     * @param agentPricingPercent millionths of a percent of the model's own cost
     */
    public record Pricing(
            OptionalLong creditsPerToken,
            OptionalLong creditsPerCall,
            OptionalLong minimumBalance,
            OptionalLong agentPricingPercent) {}

    /**
     * How an agent is shown to people.
     *
     * @param avatarUrl its picture
     * @param greetingMessage how a conversation with it begins
     * @param greetingImageMobile the picture beside that, on small screens
     * @param greetingImageDesktop the picture beside that, on large screens
     * @param suggestedActions what people may ask first
     */
    public record Look(
            Optional<String> avatarUrl,
            Optional<String> greetingMessage,
            Optional<String> greetingImageMobile,
            Optional<String> greetingImageDesktop,
            List<String> suggestedActions) {

        /** Copies the list. */
        public Look {
            suggestedActions = List.copyOf(suggestedActions);
        }
    }
}
