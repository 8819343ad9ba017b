package ai.robutler.gateway.agent;

import ai.robutler.api.ApiException;
import ai.robutler.api.portal.PortalAgent;
import ai.robutler.gateway.identity.Caller;
import ai.robutler.http.HttpCall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** The {@code agentPages} bean: what is told of agents. Each page is a map that the route writes as JSON. */
public final class AgentPages {
    private final AgentDirectory directory;
    private final Function<Optional<String>, String> modelName;
    private final Instant started;

    /**
     * @param modelName what a model, or the default one, is called
     * @param started when the gateway started; told as the agents' time of creation
     */
    public AgentPages(AgentDirectory directory, Function<Optional<String>, String> modelName, Instant started) {
        this.directory = directory;
        this.modelName = modelName;
        this.started = started;
    }

    /** {@code GET /{agent}}. */
    public Map<String, Object> info(@Variable("agent") Agent agent) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("agent", agent.name());
        page.put("description", agent.shortDescription());
        page.put("agent_data", data(agent));
        page.put("endpoints", endpoints(agent));
        return page;
    }

    /** {@code POST /{agent}}. */
    public Map<String, Object> control(@Variable("agent") Agent agent) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("agent", agent.name());
        page.put("message", "Agent control endpoint");
        page.put("agent_data", data(agent));
        page.put("endpoints", endpoints(agent));
        return page;
    }

    /** {@code GET /{agent}/chat/completions}. */
    public Map<String, Object> chat(@Variable("agent") Agent agent) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("endpoint", "/" + agent.name() + "/chat/completions");
        page.put("agent", agent.name());
        page.put("openai_compatible", true);
        page.put("supports_streaming", true);
        page.put("agent_data", data(agent));
        return page;
    }

    /** {@code GET /{agent}/health}. */
    public Map<String, Object> health(@Variable("agent") Agent agent) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("agent_name", agent.name());
        page.put("status", "healthy");
        page.put("ready", true);
        page.put("type", type(agent) + "_agent");
        return page;
    }

    /** {@code GET /agents}: those that the caller may call. */
    public Map<String, Object> list(@Variable("caller") Caller caller) {
        List<Agent> usable = directory.usable(caller);
        long dynamic =
                usable.stream().filter(agent -> agent.portal().isPresent()).count();
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("agents", usable.stream().map(this::entry).toList());
        page.put("static_count", usable.size() - dynamic);
        page.put("dynamic_count", dynamic);
        page.put("total_count", usable.size());
        return page;
    }

    private Map<String, Object> entry(Agent agent) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", agent.name());
        entry.put("type", type(agent));
        entry.put("description", agent.shortDescription());
        entry.put("model", modelName.apply(agent.model()));
        entry.put("tools_count", tools(agent).size());
        entry.put("status", "active");
        return entry;
    }

    /** {@code GET /v1/models}: the agents that the caller may call, as OpenAI lists models. */
    public Map<String, Object> models(@Variable("caller") Caller caller) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("object", "list");
        page.put("data", directory.usable(caller).stream().map(this::model).toList());
        return page;
    }

    /** {@code GET /v1/models/{agent}}. */
    public Map<String, Object> model(@Variable("agent") Agent agent) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", agent.name());
        entry.put("object", "model");
        entry.put("created", started.getEpochSecond());
        entry.put("owned_by", "robutler");
        return entry;
    }

    /** Sets the variable {@code agent} for a page about one. Fails with 404, with 401 or 403 when the caller may not call it, and with 503 when nobody can tell. */
    public CompletionStage<?> find(Exchange exchange, @Variable("caller") Caller caller) {
        ApiException unread = HttpCall.of(exchange).readFailure();
        if (unread != null) {
            throw unread;
        }
        return directory
                .resolve(exchange)
                .thenAccept(done -> directory.authorize(exchange.getVariable("agent", Agent.class), caller));
    }

    private Map<String, Object> data(Agent agent) {
        String model = modelName.apply(agent.model());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", agent.name());
        data.put("capabilities", capabilities(agent, model));
        data.put("skills", agent.skills().stream().sorted().toList());
        data.put("tools", tools(agent));
        data.put("model", model);
        data.put(
                "pricing",
                agent.portal()
                        .map(PortalAgent::pricing)
                        .map(AgentPages::pricing)
                        .orElse(Map.of()));
        return data;
    }

    private static List<String> capabilities(Agent agent, String model) {
        List<String> capabilities = new ArrayList<>();
        capabilities.add("llm:" + model);
        if (agent.portal().map(portal -> portal.pricing().isPriced()).orElse(false)) {
            capabilities.add("payment:billing");
        }
        if (agent.skills().contains("discovery")) {
            capabilities.add("discovery:search");
        }
        return capabilities;
    }

    /** Only what is set. */
    private static Map<String, Object> pricing(PortalAgent.Pricing pricing) {
        Map<String, Object> page = new LinkedHashMap<>();
        pricing.creditsPerToken().ifPresent(credits -> page.put("credits_per_token", credits));
        pricing.creditsPerCall().ifPresent(credits -> page.put("credits_per_call", credits));
        pricing.minimumBalance().ifPresent(credits -> page.put("minimum_balance", credits));
        pricing.agentPricingPercent().ifPresent(percent -> page.put("agent_pricing_percent", percent));
        return page;
    }

    private static List<String> tools(Agent agent) {
        return agent.portal().map(PortalAgent::tools).orElse(List.of());
    }

    private static String type(Agent agent) {
        return agent.portal().isPresent() ? "dynamic" : "static";
    }

    private static Map<String, Object> endpoints(Agent agent) {
        Map<String, Object> endpoints = new LinkedHashMap<>();
        endpoints.put("control", "/" + agent.name());
        endpoints.put("info", "/" + agent.name());
        endpoints.put("chat", "/" + agent.name() + "/chat/completions");
        return endpoints;
    }
}
