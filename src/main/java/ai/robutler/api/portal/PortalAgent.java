package ai.robutler.api.portal;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A dynamic agent, as far as serving it needs.
 *
 * @param id its id
 * @param name its name in lower case; unique
 * @param ownerId the user that it belongs to
 * @param description what it is good for; empty when it has none
 * @param instructions the system prompt that it gives to its model
 * @param model the model that it asks for; empty means the gateway's default
 * @param skills names of what it has beside its model, such as {@code auth}
 * @param tools names of its tools
 * @param isPublic whether everybody may find and call it; else only its owner and admins
 * @param otherAgentsCanTalk whether keys of other agents may call it
 * @param pricing what it costs
 */
public record PortalAgent(
        String id,
        String name,
        String ownerId,
        Optional<String> description,
        String instructions,
        Optional<String> model,
        Set<String> skills,
        List<String> tools,
        boolean isPublic,
        boolean otherAgentsCanTalk,
        Pricing pricing) {

    /** Copies the collections. */
    public PortalAgent {
        skills = Set.copyOf(skills);
        tools = List.copyOf(tools);
    }

    /**
     * What an agent costs, in credits; each is empty where it is not set.
     *
     * @param creditsPerToken for each token
     * @param creditsPerCall for each call
     * @param minimumBalance what a caller must have to be answered
     * @param agentPricingPercent percent of the model's own cost
     */
    public record Pricing(
            Optional<BigDecimal> creditsPerToken,
            Optional<BigDecimal> creditsPerCall,
            Optional<BigDecimal> minimumBalance,
            Optional<BigDecimal> agentPricingPercent) {

        /** Whether a caller has to pay, or to have something. */
        public boolean isPriced() {
            return Stream.of(creditsPerToken, creditsPerCall, minimumBalance, agentPricingPercent)
                    .flatMap(Optional::stream)
                    .anyMatch(amount -> amount.signum() > 0);
        }
    }
}
