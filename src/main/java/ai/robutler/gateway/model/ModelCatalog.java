package ai.robutler.gateway.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Which providers there are, and which of them serve a model; immutable.
 *
 * @param providers in the operator's order; the first is the default one
 * @param aliases other names of models
 */
public record ModelCatalog(List<Provider> providers, Map<String, String> aliases) {

    /** Copies the collections. */
    public ModelCatalog {
        providers = List.copyOf(providers);
        aliases = Map.copyOf(aliases);
    }

    /**
     * Who can be asked for a model, the first choice first: by weight at random where several serve it.
     *
     * @param model a name, an alias, or empty for the default provider's default model
     * @return empty when no provider serves it
     */
    public List<ModelTarget> targets(Optional<String> model, RandomGenerator random) {
        if (providers.isEmpty()) {
            return List.of();
        }
        Provider first = providers.get(0);
        if (model.isEmpty()) {
            return first.defaultModel().isEmpty() ? List.of() : List.of(new ModelTarget(first, first.defaultModel()));
        }
        String name = aliases.getOrDefault(model.get(), model.get());
        List<Provider> serving = new ArrayList<>(
                providers.stream().filter(provider -> provider.serves(name)).toList());
        if (serving.isEmpty()) {
            providers.stream()
                    .filter(provider -> provider.models().isEmpty())
                    .findFirst()
                    .ifPresent(serving::add);
        }
        List<ModelTarget> targets = new ArrayList<>();
        while (!serving.isEmpty()) {
            Provider chosen = serving.remove(choose(serving, random));
            targets.add(new ModelTarget(chosen, chosen.upstreamName(name)));
        }
        return targets;
    }

    /** What the agent's model is called in descriptions: its own name, else the default provider's. */
    public String nameOf(Optional<String> model) {
        return model.orElseGet(
                () -> providers.isEmpty() || providers.get(0).defaultModel().isEmpty()
                        ? "default"
                        : providers.get(0).defaultModel());
    }

    private static int choose(List<Provider> providers, RandomGenerator random) {
        int total = providers.stream().mapToInt(Provider::weight).sum();
        int point = providers.size() == 1 ? 0 : random.nextInt(total);
        for (int i = 0; i < providers.size(); i++) {
            point -= providers.get(i).weight();
            if (point < 0) {
                return i;
            }
        }
        return providers.size() - 1;
    }
}
