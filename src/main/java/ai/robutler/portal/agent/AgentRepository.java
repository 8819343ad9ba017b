package ai.robutler.portal.agent;

import ai.robutler.portal.Page;
import ai.robutler.portal.store.Database;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** The table {@code agents}; each method works in the transaction of its handle. */
public final class AgentRepository {

    /** The agent of that id, else the one of that name. */
    public Optional<StoredAgent> find(Handle handle, String idOrName) {
        return by(handle, "id", idOrName).or(() -> findByName(handle, idOrName));
    }

    /** The agent of that name, in any case. */
    public Optional<StoredAgent> findByName(Handle handle, String name) {
        return by(handle, "name", name.toLowerCase(Locale.ROOT));
    }

    private static Optional<StoredAgent> by(Handle handle, String column, String value) {
        return handle.createQuery("SELECT " + AgentRow.COLUMNS + " FROM agents WHERE " + column + " = :value")
                .bind("value", value)
                .map(AgentRow::read)
                .findOne();
    }

    /** The name of the agent of that id. */
    public Optional<String> nameOf(Handle handle, String id) {
        return handle.createQuery("SELECT name FROM agents WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne();
    }

    /** The agents of one user, newest first. The rows that an offset leaves out are not read: their ids are counted. */
    public List<StoredAgent> ofOwner(Handle handle, String ownerId, Page page) {
        return handle.createQuery("SELECT " + AgentRow.COLUMNS + """
                         FROM agents WHERE id IN (
                          SELECT id FROM agents WHERE owner_id = :owner AND id < :before
                          ORDER BY id DESC LIMIT :rows OFFSET :offset)
                        ORDER BY id DESC""")
                .bind("owner", ownerId)
                .bind("before", page.before())
                .bind("rows", page.rows())
                .bind("offset", page.offset())
                .map(AgentRow::read)
                .list();
    }

    /** Keeps others from changing the agent until the transaction ends: they wait. */
    public void lock(Handle handle, String id) {
        handle.createUpdate("UPDATE agents SET updated_at = updated_at WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /** Stores a new agent. @return false when its name is taken; nothing was stored then */
    public boolean insert(Handle handle, StoredAgent agent) {
        return AgentRow.bind(
                                handle.createUpdate("INSERT INTO agents (" + AgentRow.COLUMNS + ") VALUES ("
                                        + AgentRow.PLACEHOLDERS + ") ON CONFLICT (name) DO NOTHING"),
                                agent)
                        .execute()
                == 1;
    }

    /** Stores a changed agent. @return false when its name is taken; the transaction must be given up then */
    public boolean update(Handle handle, StoredAgent agent) {
        try {
            AgentRow.bind(handle.createUpdate("UPDATE agents SET " + AgentRow.ASSIGNMENTS + " WHERE id = :id"), agent)
                    .execute();
            return true;
        } catch (UnableToExecuteStatementException failure) {
            if (Database.isDuplicate(failure)) {
                return false;
            }
            throw failure;
        }
    }

    /** Removes the agent, and what is stored as belonging to it. */
    public void delete(Handle handle, String id) {
        handle.createUpdate("DELETE FROM agents WHERE id = :id").bind("id", id).execute();
    }
}
