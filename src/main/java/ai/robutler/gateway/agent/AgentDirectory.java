package ai.robutler.gateway.agent;

import ai.robutler.api.AgentName;
import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.gateway.chat.ChatRequest;
import ai.robutler.gateway.identity.Caller;
import ai.robutler.http.HttpCall;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/** The {@code agentDirectory} bean: finds agents by name, and says who may call them. */
public final class AgentDirectory {
    private final Supplier<Map<String, Agent>> agents;

    /** @param agents the agents in force at this moment, by name */
    public AgentDirectory(Supplier<Map<String, Agent>> agents) {
        this.agents = agents;
    }

    /**
     * Sets the variable {@code agent}: the one that the path names, else the one that the request's {@code model} names.
     * Fails with 404 agent_not_found.
     */
    public void resolve(Exchange exchange) {
        String name = exchange.getMessage().getHeader("agent", String.class);
        if (name == null) {
            name = exchange.getVariable("chatRequest", ChatRequest.class)
                    .model()
                    .orElseThrow(() -> ApiException.inField("model", "model is missing; it names the agent to ask"));
        }
        Agent agent = find(name);
        exchange.setVariable("agent", agent);
        HttpCall.of(exchange).resolvedAgent(agent.name());
    }

    /** The agent of that name. Fails with 404 agent_not_found, without a look-up when no agent can be called so. */
    public Agent find(@Nullable String name) {
        return AgentName.of(name)
                .map(agents.get()::get)
                .orElseThrow(
                        () -> ApiException.of(ErrorCode.AGENT_NOT_FOUND, "Agent '" + printable(name) + "' not found"));
    }

    /** All agents in force, by name. */
    public List<Agent> all() {
        return List.copyOf(agents.get().values());
    }

    /** Passes when the caller may call the agent. Fails with 401 missing_api_key or 403 access_denied. */
    public void authorize(@Variable("agent") Agent agent, @Variable("caller") Caller caller) {
        if (caller.principal().isPresent()) {
            if (!caller.principal().get().mayCall(agent.name())) {
                throw ApiException.of(ErrorCode.ACCESS_DENIED, "The API key may not call agent '" + agent.name() + "'");
            }
        } else if (agent.needsKey()) {
            throw ApiException.of(
                            ErrorCode.MISSING_API_KEY,
                            "Agent '" + agent.name() + "' needs an API key: send Authorization: Bearer <key>")
                    .withHeader("WWW-Authenticate", "Bearer");
        }
    }

    /** Whether the caller may call the agent. */
    public boolean visible(Agent agent, Caller caller) {
        return caller.principal()
                .map(principal -> principal.mayCall(agent.name()))
                .orElse(!agent.needsKey());
    }

    /** A name as it may be shown: short, one line. */
    private static String printable(@Nullable String name) {
        String text = String.valueOf(name).replaceAll("[^\\x20-\\x7e]", "?");
        return text.length() > 64 ? text.substring(0, 64) + "..." : text;
    }
}
