package ai.robutler.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How something is searched for. */
final class SearchOptions {
    @Option(names = "--mode", paramLabel = "MODE", description = "semantic (by meaning), text or hybrid (both).")
    private @Nullable String mode;

    @Option(
            names = "--min-similarity",
            paramLabel = "N",
            description = "From 0 to 1; 0.7 is what a person would call a match.")
    private @Nullable BigDecimal minSimilarity;

    /**
     * Puts what was given into a request.
     *
     * @param modeField what the mode is called there
     */
    void addTo(ObjectNode body, String modeField) {
        if (mode != null) {
            body.put(modeField, mode.equals("semantic") && modeField.equals("search_type") ? "vector" : mode);
        }
        if (minSimilarity != null) {
            body.put("min_similarity", minSimilarity);
        }
    }
}
