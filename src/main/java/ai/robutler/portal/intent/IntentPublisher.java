package ai.robutler.portal.intent;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.portal.Ids;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.user.UserRepository;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Stores intents for those who may publish them. */
final class IntentPublisher {
    private final UserRepository users;
    private final IntentRepository intents = new IntentRepository();
    private final AgentFactsRepository agents = new AgentFactsRepository();
    private final int mostPerUser;
    private final Clock clock;

    /** @param mostPerUser how many a user may have published at a time */
    IntentPublisher(UserRepository users, int mostPerUser, Clock clock) {
        this.users = users;
        this.mostPerUser = mostPerUser;
        this.clock = clock;
    }

    /**
     * Stores or renews these intents, all of them or none. Fails with 404 for another's user or agent, with 400 for an agent of another place
     * without an address, and with 409 when the user has published too many.
     */
    List<Intent> publish(Handle handle, PortalRequest request, List<IntentDraft> drafts) {
        long now = clock.millis();
        List<Intent> stored = new ArrayList<>();
        drafts.forEach(draft -> stored.add(publish(handle, request, draft, now)));
        stored.stream()
                .filter(intent -> intent.times().createdAt() == now)
                .map(Intent::userId)
                .distinct()
                .forEach(user -> requireRoom(handle, user, now));
        return stored;
    }

    private void requireRoom(Handle handle, String user, long now) {
        if (intents.count(handle, user, mostPerUser + 1, now) > mostPerUser) {
            throw ApiException.of(
                    ErrorCode.CONFLICT,
                    "A user may have at most " + mostPerUser + " published intents at a time; delete some first");
        }
    }

    private Intent publish(Handle handle, PortalRequest request, IntentDraft draft, long now) {
        String user = user(handle, request, draft);
        Optional<AgentFacts> agent = agent(handle, request, draft);
        OptionalLong expiry =
                OptionalLong.of(now + Duration.ofDays(draft.ttlDays()).toMillis());
        Intent intent =
                new Intent(Ids.next(), user, draft.agent(), agent, draft.terms(), new IntentTimes(now, now, expiry));
        String key = NaturalKey.published(
                user,
                agent.map(AgentFacts::id).orElse(draft.agent()),
                draft.terms().intent());
        return intents.save(handle, intent, key);
    }

    private String user(Handle handle, PortalRequest request, IntentDraft draft) {
        String user = draft.userId().orElse(request.userId());
        if (user.equals(request.userId())) {
            return user;
        }
        if (!request.isAdmin() || users.find(handle, user).isEmpty()) {
            throw IntentApi.noSuchUser();
        }
        return user;
    }

    private Optional<AgentFacts> agent(Handle handle, PortalRequest request, IntentDraft draft) {
        Optional<AgentFacts> agent = agents.find(handle, draft.agent());
        if (agent.isPresent() && !request.mayAct(agent.get().ownerId())) {
            throw ApiException.of(
                    ErrorCode.AGENT_NOT_FOUND, "There is no agent '" + draft.agent() + "', or it is not yours");
        }
        if (agent.isEmpty() && draft.terms().url().isEmpty()) {
            throw ApiException.inField(
                    draft.param() + "url",
                    "The field '" + draft.param() + "url' is missing; it takes the address of an agent that is not of"
                            + " this portal, and there is none '" + draft.agent() + "' here");
        }
        return agent;
    }
}
