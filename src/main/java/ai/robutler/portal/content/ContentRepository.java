package ai.robutler.portal.content;

import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code content}; each method works in the transaction of its handle. */
final class ContentRepository {
    private static final String COLUMNS = "id, owner_id, file_name, original_file_name, size, sha256, visibility, tags,"
            + " description, content_type, created_at";

    /** Which of an owner's files are wanted. */
    record Filter(Optional<String> visibility, List<String> tags) {}

    Optional<ContentFile> find(Handle handle, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM content WHERE id = :id")
                .bind("id", id)
                .map(ContentRepository::file)
                .findOne();
    }

    /** The owner's file of that name. */
    Optional<ContentFile> findByName(Handle handle, String ownerId, String fileName) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM content WHERE owner_id = :owner AND file_name = :name")
                .bind("owner", ownerId)
                .bind("name", fileName)
                .map(ContentRepository::file)
                .findFirst();
    }

    /** The owner's files with that content that came under that name. */
    List<ContentFile> findSame(Handle handle, ContentFile file) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM content"
                        + " WHERE sha256 = :sha AND owner_id = :owner AND original_file_name = :name ORDER BY id")
                .bind("sha", file.sha256())
                .bind("owner", file.ownerId())
                .bind("name", file.originalFileName())
                .map(ContentRepository::file)
                .list();
    }

    /** A page of the owner's files, newest first. A file has all the tags that are asked for. */
    List<ContentFile> list(Handle handle, String ownerId, Filter filter, Page page) {
        StringBuilder sql =
                new StringBuilder("SELECT " + COLUMNS + " FROM content WHERE owner_id = :owner AND id < :before");
        filter.visibility().ifPresent(visibility -> sql.append(" AND visibility = :visibility"));
        for (int i = 0; i < filter.tags().size(); i++) {
            // unlike LIKE, this tells small letters from capitals on every database
            sql.append(" AND REPLACE(tags, :tag").append(i).append(", '') <> tags");
        }
        Query query = handle.createQuery(sql.append(" ORDER BY id DESC LIMIT :rows OFFSET :offset")
                        .toString())
                .bind("owner", ownerId)
                .bind("before", page.before())
                .bind("rows", page.rows())
                .bind("offset", page.offset());
        filter.visibility().ifPresent(visibility -> query.bind("visibility", visibility));
        for (int i = 0; i < filter.tags().size(); i++) {
            query.bind("tag" + i, "\"" + filter.tags().get(i) + "\"");
        }
        return query.map(ContentRepository::file).list();
    }

    /** Makes other changes of this owner's files wait for the end of the transaction. */
    void lock(Handle handle, String ownerId) {
        handle.createUpdate("UPDATE users SET updated_at = updated_at WHERE id = :owner")
                .bind("owner", ownerId)
                .execute();
    }

    /** How many bytes the owner's files have in all. */
    long used(Handle handle, String ownerId) {
        return handle.createQuery("SELECT COALESCE(SUM(size), 0) FROM content WHERE owner_id = :owner")
                .bind("owner", ownerId)
                .mapTo(Long.class)
                .one();
    }

    void insert(Handle handle, ContentFile file) {
        handle.createUpdate("INSERT INTO content (" + COLUMNS + ", updated_at) VALUES (:id, :owner, :name, :original,"
                        + " :size, :sha, :visibility, :tags, :description, :type, :created, :created)")
                .bind("id", file.id())
                .bind("owner", file.ownerId())
                .bind("name", file.fileName())
                .bind("original", file.originalFileName())
                .bind("size", file.size())
                .bind("sha", file.sha256())
                .bind("visibility", file.about().visibility())
                .bind("tags", Json.array(file.about().tags()).toString())
                .bind("description", file.about().description().orElse(null))
                .bind("type", file.contentType())
                .bind("created", file.createdAt())
                .execute();
    }

    /** Stores the file's name and what its owner says of it. */
    void update(Handle handle, ContentFile file, long now) {
        handle.createUpdate("""
                        UPDATE content SET file_name = :name, visibility = :visibility, tags = :tags,
                          description = :description, updated_at = :now
                        WHERE id = :id""")
                .bind("id", file.id())
                .bind("name", file.fileName())
                .bind("visibility", file.about().visibility())
                .bind("tags", Json.array(file.about().tags()).toString())
                .bind("description", file.about().description().orElse(null))
                .bind("now", now)
                .execute();
    }

    void delete(Handle handle, String id) {
        handle.createUpdate("DELETE FROM content WHERE id = :id").bind("id", id).execute();
    }

    /** Whether any file has that content. */
    boolean isUsed(Handle handle, String sha256) {
        return handle.createQuery("SELECT id FROM content WHERE sha256 = :sha LIMIT 1")
                .bind("sha", sha256)
                .mapTo(String.class)
                .findOne()
                .isPresent();
    }

    /** The contents whose names begin so. */
    Set<String> contents(Handle handle, String prefix) {
        return handle.createQuery("SELECT DISTINCT sha256 FROM content WHERE sha256 >= :from AND sha256 < :to")
                .bind("from", prefix)
                .bind("to", prefix + "g")
                .mapTo(String.class)
                .set();
    }

    boolean isEmpty(Handle handle) {
        return handle.createQuery("SELECT id FROM content LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .isEmpty();
    }

    /** The user that an agent belongs to. */
    Optional<String> ownerOfAgent(Handle handle, String agentId) {
        return handle.createQuery("SELECT owner_id FROM agents WHERE id = :id")
                .bind("id", agentId)
                .mapTo(String.class)
                .findOne();
    }

    private static ContentFile file(ResultSet row, StatementContext context) throws SQLException {
        return new ContentFile(
                row.getString("id"),
                row.getString("owner_id"),
                row.getString("file_name"),
                row.getString("original_file_name"),
                row.getLong("size"),
                row.getString("sha256"),
                new ContentFile.About(
                        "public".equals(row.getString("visibility")),
                        Json.texts(row.getString("tags")),
                        Optional.ofNullable(row.getString("description"))),
                row.getString("content_type"),
                row.getLong("created_at"));
    }
}
