package ai.robutler.gateway.agent;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.gateway.identity.Caller;
import ai.robutler.gateway.identity.Principal;
import java.util.Optional;

/** Who may call an agent. */
final class AgentAccess {

    private AgentAccess() {}

    /** Whether the caller may not even learn that the agent is there: it is private, and not his. */
    static boolean hides(Agent agent, Caller caller) {
        return agent.portal().isPresent()
                && !agent.isPublic()
                && !Scope.of(agent, caller).covers(Scope.OWNER);
    }

    /** Why the caller, who may know of the agent, may not call it; empty when he may. */
    static Optional<ApiException> refusal(Agent agent, Caller caller) {
        if (caller.principal().isEmpty()) {
            return agent.needsKey() ? Optional.of(missingKey(agent)) : Optional.empty();
        }
        Principal principal = caller.principal().get();
        if (!mayCall(principal, agent)) {
            return Optional.of(denied("The API key may not call agent '" + agent.name() + "'"));
        }
        if (isAnotherAgent(principal, agent) && !Scope.of(agent, caller).covers(Scope.OWNER)) {
            return Optional.of(denied("Agent '" + agent.name() + "' does not talk to other agents"));
        }
        return Optional.empty();
    }

    private static boolean mayCall(Principal principal, Agent agent) {
        return principal.mayCall(agent.name())
                || agent.portal().map(portal -> principal.mayCall(portal.id())).orElse(false);
    }

    private static boolean isAnotherAgent(Principal principal, Agent agent) {
        return agent.portal()
                .filter(portal -> !portal.otherAgentsCanTalk())
                .map(portal -> principal
                        .portal()
                        .flatMap(key -> key.agentId())
                        .filter(id -> !id.equals(portal.id()))
                        .isPresent())
                .orElse(false);
    }

    private static ApiException missingKey(Agent agent) {
        return ApiException.of(
                        ErrorCode.MISSING_API_KEY,
                        "Agent '" + agent.name() + "' needs an API key: send Authorization: Bearer <key>")
                .withHeader("WWW-Authenticate", "Bearer");
    }

    private static ApiException denied(String message) {
        return ApiException.of(ErrorCode.ACCESS_DENIED, message);
    }
}
