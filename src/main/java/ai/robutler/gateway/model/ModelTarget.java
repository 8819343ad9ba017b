package ai.robutler.gateway.model;

/**
 * One provider to ask for one model.
 *
 * @param provider who is asked
 * @param model the name under which the provider knows it
 */
public record ModelTarget(Provider provider, String model) {

    /** The name of the provider's breaker. */
    public String breaker() {
        return "model:" + provider.name();
    }
}
