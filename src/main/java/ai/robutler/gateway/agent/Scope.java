package ai.robutler.gateway.agent;

import ai.robutler.gateway.identity.Caller;

/** How much of an agent a caller may see and use: each scope has what those before it have. */
public enum Scope {
    /** Everybody who may call the agent. */
    ALL,
    /** The user that the agent belongs to. */
    OWNER,
    /** Users who may do everything. */
    ADMIN;

    /** The caller's scope for the agent. A static agent belongs to no user. */
    public static Scope of(Agent agent, Caller caller) {
        return caller.principal()
                .map(principal -> {
                    if (principal.admin()) {
                        return ADMIN;
                    }
                    return agent.isOwnedBy(principal.userId()) ? OWNER : ALL;
                })
                .orElse(ALL);
    }

    /** Whether a caller of this scope has what is kept for the other. */
    public boolean covers(Scope needed) {
        return compareTo(needed) >= 0;
    }
}
