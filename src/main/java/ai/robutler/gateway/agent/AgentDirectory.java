package ai.robutler.gateway.agent;

import ai.robutler.api.AgentName;
import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.gateway.chat.ChatRequest;
import ai.robutler.gateway.identity.Caller;
import ai.robutler.http.HttpCall;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/** The {@code agentDirectory} bean: finds agents by name, static ones first, and says who may call them. */
public final class AgentDirectory {
    /** Paths on which an agent may be called by its id. */
    private static final String BY_ID = "/api/agents/";

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final int MOST_LISTED = 1_000;
    private static final CompletionStage<?> DONE = CompletableFuture.<@Nullable Object>completedFuture(null);

    private final Supplier<Map<String, Agent>> agents;
    private final DynamicAgents dynamic;
    private final Function<String, Optional<String>> nameOfId;

    /**
     * @param agents the static agents in force at this moment, by name
     * @param dynamic the portal's
     * @param nameOfId the name of the portal's agent of that id
     */
    public AgentDirectory(
            Supplier<Map<String, Agent>> agents, DynamicAgents dynamic, Function<String, Optional<String>> nameOfId) {
        this.agents = agents;
        this.dynamic = dynamic;
        this.nameOfId = nameOfId;
    }

    /**
     * Sets the variable {@code agent}: the one that the path names, else the one that the request's {@code model} names. Is
     * done at once unless the portal has to be asked. Fails with 404 agent_not_found, also for a private agent of somebody
     * else's, and with 503 when the portal cannot be asked.
     */
    public CompletionStage<?> resolve(Exchange exchange) {
        String asked = exchange.getMessage().getHeader("agent", String.class);
        if (asked == null) {
            asked = exchange.getVariable("chatRequest", ChatRequest.class)
                    .model()
                    .orElseThrow(() -> ApiException.inField("model", "model is missing; it names the agent to ask"));
        }
        String shown = asked;
        if (ID.matcher(asked).matches() && HttpCall.of(exchange).route().startsWith(BY_ID)) {
            asked = nameOfId.apply(asked).orElse(asked);
        }
        String name = AgentName.of(asked).orElseThrow(() -> notFound(shown));
        Agent known = agents.get().get(name);
        if (known == null) {
            known = dynamic.fresh(name);
        }
        if (known == null) {
            return dynamic.find(name)
                    .thenAccept(found -> take(found.orElseThrow(() -> notFound(shown)), shown, exchange));
        }
        take(known, shown, exchange);
        return DONE;
    }

    /** The static agents, by name. */
    public List<Agent> all() {
        return List.copyOf(agents.get().values());
    }

    /** The portal's agents. */
    public DynamicAgents dynamic() {
        return dynamic;
    }

    /** Passes when the caller may call the agent. Fails with 401 missing_api_key or 403 access_denied. */
    public void authorize(@Variable("agent") Agent agent, @Variable("caller") Caller caller) {
        AgentAccess.refusal(agent, caller).ifPresent(refusal -> {
            throw refusal;
        });
    }

    /** The agents that the caller may call: static ones, and of the portal's up to 1,000 of those that are remembered. */
    public List<Agent> usable(Caller caller) {
        Map<String, Agent> own = agents.get();
        Stream<Agent> remembered = dynamic.known().stream()
                .filter(agent -> !own.containsKey(agent.name()) && isUsable(agent, caller))
                .sorted(Comparator.comparing(Agent::name))
                .limit(MOST_LISTED);
        return Stream.concat(own.values().stream().filter(agent -> isUsable(agent, caller)), remembered)
                .toList();
    }

    private static boolean isUsable(Agent agent, Caller caller) {
        return !AgentAccess.hides(agent, caller)
                && AgentAccess.refusal(agent, caller).isEmpty();
    }

    private static void take(Agent agent, String shown, Exchange exchange) {
        if (agent.portal().isPresent() && AgentAccess.hides(agent, exchange.getVariable("caller", Caller.class))) {
            throw notFound(shown);
        }
        exchange.setVariable("agent", agent);
        HttpCall.of(exchange).resolvedAgent(agent.name());
    }

    private static ApiException notFound(String name) {
        return ApiException.of(ErrorCode.AGENT_NOT_FOUND, "Agent '" + printable(name) + "' not found");
    }

    /** A name as it may be shown: short, one line. */
    private static String printable(String name) {
        String text = name.replaceAll("[^\\x20-\\x7e]", "?");
        return text.length() > 64 ? text.substring(0, 64) + "..." : text;
    }
}
