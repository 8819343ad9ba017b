package ai.robutler.portal.intent;

import ai.robutler.portal.store.Database;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Brings what is in memory in step with the tables, page by page: at the start, and where other processes write to the same
 * database again and again. What this process changes meanwhile stays.
 */
final class CatalogSync {
    private static final int PAGE = 1_000;

    private final Database database;
    private final IntentRepository intents = new IntentRepository();
    private final AgentFactsRepository agents = new AgentFactsRepository();
    private final IntentCatalog intentCatalog;
    private final AgentCatalog agentCatalog;
    private final Clock clock;

    CatalogSync(Database database, IntentCatalog intentCatalog, AgentCatalog agentCatalog, Clock clock) {
        this.database = database;
        this.intentCatalog = intentCatalog;
        this.agentCatalog = agentCatalog;
        this.clock = clock;
    }

    /** Reads both tables. Fails as the database does; the next run makes up for it. */
    void run() {
        long begun = clock.millis();
        Set<String> agentsBefore = new HashSet<>(agentCatalog.ids());
        Set<String> intentsBefore = new HashSet<>(intentCatalog.ids());
        each(
                (handle, after) -> agents.after(handle, after, PAGE),
                agent -> agent.facts().id(),
                agent -> {
                    agentsBefore.remove(agent.facts().id());
                    agentCatalog.put(agent);
                });
        each((handle, after) -> intents.after(handle, after, PAGE, begun), Intent::id, intent -> {
            intentsBefore.remove(intent.id());
            intentCatalog.put(Listed.of(intent));
        });
        intentCatalog.removeOlder(intentsBefore, begun);
        agentCatalog.removeOlder(agentsBefore, begun);
    }

    private <R> void each(BiFunction<Handle, String, List<R>> page, Function<R, String> id, Consumer<R> row) {
        String after = "";
        while (true) {
            String begin = after;
            List<R> rows = database.read(handle -> page.apply(handle, begin));
            rows.forEach(row);
            if (rows.size() < PAGE) {
                return;
            }
            after = id.apply(rows.get(rows.size() - 1));
        }
    }
}
