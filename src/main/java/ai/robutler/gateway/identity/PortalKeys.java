package ai.robutler.gateway.identity;

import ai.robutler.api.portal.KeyOwner;
import ai.robutler.gateway.model.Secret;
import ai.robutler.gateway.portal.PortalCache;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Whose API keys are: the operator's own list first, then the portal, whose answers are remembered by the key's digest. */
public final class PortalKeys {
    private final Supplier<ApiKeys> operatorKeys;
    private final PortalCache<KeyOwner> cache;
    private final Function<Secret, Optional<KeyOwner>> portal;
    private final Clock clock;

    /**
     * @param operatorKeys the operator's own list, as it is in force
     * @param cache remembers the portal's answers
     * @param portal asks the portal whose key it is, and waits
     */
    public PortalKeys(
            Supplier<ApiKeys> operatorKeys,
            PortalCache<KeyOwner> cache,
            Function<Secret, Optional<KeyOwner>> portal,
            Clock clock) {
        this.operatorKeys = operatorKeys;
        this.cache = cache;
        this.portal = portal;
        this.clock = clock;
    }

    /** Whose key it is; empty when it is unknown, revoked or expired. Fails with 503 when nobody can tell. */
    public CompletionStage<Optional<Principal>> find(String key) {
        String digest = ApiKeys.sha256(key);
        Optional<Principal> operators = operatorKeys.get().findByDigest(digest);
        if (operators.isPresent()) {
            return CompletableFuture.completedFuture(operators);
        }
        return cache.find(digest, () -> portal.apply(new Secret(key)))
                .thenApply(owner -> owner.filter(this::isValid).map(Principal::of));
    }

    /** Forgets the key of that id: it was revoked, rotated or changed, or its user was. */
    public void forget(String keyId) {
        cache.forgetIf(owner -> owner.keyId().equals(keyId));
    }

    /** Forgets all. */
    public void forgetAll() {
        cache.forgetIf(owner -> true);
    }

    private boolean isValid(KeyOwner owner) {
        return owner.expiresAt().map(end -> end.isAfter(clock.instant())).orElse(true);
    }
}
