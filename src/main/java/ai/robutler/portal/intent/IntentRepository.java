package ai.robutler.portal.intent;

import ai.robutler.portal.Page;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The table {@code intents}; each method works in the transaction of its handle. Expired intents are as if deleted. */
final class IntentRepository {
    private static final String ALIVE = "(i.expires_at IS NULL OR i.expires_at > :now)";

    /**
     * Stores an intent, or renews the one that is the same: that one keeps its id and its first time.
     *
     * @return the intent as it is stored now
     */
    Intent save(Handle handle, Intent intent, String naturalKey) {
        Query insert = handle.createQuery("""
                INSERT INTO intents (id, natural_key, user_id, agent, of_agent, intent, agent_description, url, protocol,
                  subpath, rank, latitude, longitude, created_at, updated_at, expires_at)
                VALUES (:id, :key, :user, :agent, :of_agent, :intent, :description, :url, :protocol,
                  :subpath, :rank, :latitude, :longitude, :created, :updated, :expires)
                ON CONFLICT (natural_key) DO UPDATE SET agent = :agent, of_agent = :of_agent,
                  agent_description = :description, url = :url, protocol = :protocol, subpath = :subpath, rank = :rank,
                  latitude = :latitude, longitude = :longitude, updated_at = :updated, expires_at = :expires
                RETURNING id""");
        String id = IntentRow.bind(insert.bind("key", naturalKey), intent)
                .mapTo(String.class)
                .one();
        return find(handle, id).orElseThrow(() -> new IllegalStateException("what was just stored is not there"));
    }

    /** The intent of that id, expired or not. */
    Optional<Intent> find(Handle handle, String id) {
        return all(handle, List.of(id)).stream().findFirst();
    }

    /** Those that are there of these ids, expired or not. */
    List<Intent> all(Handle handle, Collection<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : handle.createQuery(IntentRow.SELECT + "WHERE i.id IN (<ids>)")
                        .bindList("ids", List.copyOf(ids))
                        .map(IntentRow::read)
                        .list();
    }

    /** A page of those that the filter lets through, newest first. */
    List<Intent> list(Handle handle, IntentFilter filter, PageAt at) {
        String where = (filter.userId().isPresent() ? " AND i.user_id = :user" : "")
                + (filter.ofAgent().isPresent() ? " AND i.of_agent = :of_agent" : "")
                + (filter.agent().isPresent()
                        ? " AND (i.agent = :agent OR i.of_agent = :agent OR a.name = :agent)"
                        : "");
        Query query = handle.createQuery(IntentRow.SELECT + "WHERE i.id < :before AND " + ALIVE + where
                + " ORDER BY i.id DESC LIMIT :rows OFFSET :offset");
        filter.userId().ifPresent(id -> query.bind("user", id));
        filter.ofAgent().ifPresent(id -> query.bind("of_agent", id));
        filter.agent().ifPresent(name -> query.bind("agent", name));
        Page page = at.page();
        return query.bind("before", page.before())
                .bind("now", at.now())
                .bind("rows", page.rows())
                .bind("offset", page.offset())
                .map(IntentRow::read)
                .list();
    }

    /** A page of all, oldest first: those whose ids follow {@code after}. */
    List<Intent> after(Handle handle, String after, int rows, long now) {
        return handle.createQuery(IntentRow.SELECT + "WHERE i.id > :after AND " + ALIVE + " ORDER BY i.id LIMIT :rows")
                .bind("after", after)
                .bind("now", now)
                .bind("rows", rows)
                .map(IntentRow::read)
                .list();
    }

    /** How many the user has published, up to {@code most}. */
    int count(Handle handle, String userId, int most, long now) {
        return handle.createQuery("SELECT COUNT(*) FROM (SELECT 1 FROM intents WHERE user_id = :user"
                        + " AND expires_at > :now LIMIT :most) counted")
                .bind("user", userId)
                .bind("now", now)
                .bind("most", most)
                .mapTo(Integer.class)
                .one();
    }

    /** Everything of an agent of this portal. */
    List<Intent> ofAgent(Handle handle, String agentId, long now) {
        return handle.createQuery(IntentRow.SELECT + "WHERE i.of_agent = :agent AND " + ALIVE)
                .bind("agent", agentId)
                .bind("now", now)
                .map(IntentRow::read)
                .list();
    }

    /** The entries of the agent's own list. */
    List<Intent> ofList(Handle handle, String agentId) {
        return handle.createQuery(IntentRow.SELECT + "WHERE i.of_agent = :agent AND i.expires_at IS NULL")
                .bind("agent", agentId)
                .map(IntentRow::read)
                .list();
    }

    /** Removes these. @return how many there were */
    int delete(Handle handle, Collection<String> ids) {
        return ids.isEmpty()
                ? 0
                : handle.createUpdate("DELETE FROM intents WHERE id IN (<ids>)")
                        .bindList("ids", List.copyOf(ids))
                        .execute();
    }

    /** Removes some of those that have expired. @return their ids */
    List<String> purge(Handle handle, long now, int most) {
        List<String> ids = handle.createQuery(
                        "SELECT id FROM intents WHERE expires_at <= :now ORDER BY expires_at LIMIT :most")
                .bind("now", now)
                .bind("most", most)
                .mapTo(String.class)
                .list();
        if (!ids.isEmpty()) {
            handle.createUpdate("DELETE FROM intents WHERE id IN (<ids>) AND expires_at <= :now")
                    .bindList("ids", ids)
                    .bind("now", now)
                    .execute();
        }
        return ids;
    }

    /** A page of a list, and the time at which it is asked for, in milliseconds since 1970. */
    record PageAt(Page page, long now) {}
}
