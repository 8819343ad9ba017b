package ai.robutler.gateway.agent;

import ai.robutler.gateway.identity.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        page.put("type", "static_agent");
        return page;
    }

    /** {@code GET /agents}: those that the caller may call. */
    public Map<String, Object> list(@Variable("caller") Caller caller) {
        List<Map<String, Object>> agents = new ArrayList<>();
        for (Agent agent : visible(caller)) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", agent.name());
            entry.put("type", "static");
            entry.put("description", agent.shortDescription());
            entry.put("model", modelName.apply(agent.model()));
            entry.put("tools_count", 0);
            entry.put("status", "active");
            agents.add(entry);
        }
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("agents", agents);
        page.put("static_count", agents.size());
        page.put("dynamic_count", 0);
        page.put("total_count", agents.size());
        return page;
    }

    /** {@code GET /v1/models}: the agents that the caller may call, as OpenAI lists models. */
    public Map<String, Object> models(@Variable("caller") Caller caller) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("object", "list");
        page.put("data", visible(caller).stream().map(this::model).toList());
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

    /** Sets the variable {@code agent} for a page about one. Fails with 404, and with 401 or 403 when the caller may not call it. */
    public void find(Exchange exchange, @Variable("caller") Caller caller) {
        directory.resolve(exchange);
        directory.authorize(exchange.getVariable("agent", Agent.class), caller);
    }

    private List<Agent> visible(Caller caller) {
        return directory.all().stream()
                .filter(agent -> directory.visible(agent, caller))
                .toList();
    }

    private Map<String, Object> data(Agent agent) {
        String model = modelName.apply(agent.model());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", agent.name());
        data.put("capabilities", List.of("llm:" + model));
        data.put("skills", agent.skills().stream().sorted().toList());
        data.put("tools", List.of());
        data.put("model", model);
        data.put("pricing", Map.of());
        return data;
    }

    private static Map<String, Object> endpoints(Agent agent) {
        Map<String, Object> endpoints = new LinkedHashMap<>();
        endpoints.put("control", "/" + agent.name());
        endpoints.put("info", "/" + agent.name());
        endpoints.put("chat", "/" + agent.name() + "/chat/completions");
        return endpoints;
    }
}
