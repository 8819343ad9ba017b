package ai.robutler.portal.store;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.portal.Json;
import ai.robutler.portal.PortalRequest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Does what a request with an {@code Idempotency-Key} asks once: its answer is stored in the same transaction as its effect,
 * and given again for 24 hours. Another request under the same key is a 409.
 */
public final class FirstAnswers {
    private static final Duration KEPT = Duration.ofHours(24);
    private static final int BATCH = 200;
    private static final int MOST_CHARACTERS = 255;
    private static final byte[] NOTHING = new byte[0];

    private final Database database;
    private final Clock clock;

    /** First answers in this database. */
    public FirstAnswers(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Does the work in one write transaction, unless the same request was answered before: then its answer. */
    public ObjectNode once(PortalRequest request, Database.Work<ObjectNode> work) {
        return once(request, Json.bytes(request.body()), work);
    }

    /**
     * The same for a request whose body is no JSON.
     *
     * @param body what tells this request from another
     */
    public ObjectNode once(PortalRequest request, byte[] body, Database.Work<ObjectNode> work) {
        Optional<String> key = request.idempotencyKey();
        if (key.isEmpty() || request.seal().isEmpty()) {
            return database.write(work);
        }
        if (key.get().length() > MOST_CHARACTERS) {
            throw ApiException.inField("Idempotency-Key", "Idempotency-Key may have at most 255 characters");
        }
        String caller = request.owner().keyId();
        String digest = digest(request, body);
        return database.write(handle -> {
            if (!claim(handle, caller, key.get(), digest)) {
                return first(handle, request, caller, key.get(), digest);
            }
            ObjectNode answer = work.with(handle);
            handle.createUpdate("""
                            UPDATE idempotency SET answer = :answer
                            WHERE caller = :caller AND idempotency_key = :key""")
                    .bind("answer", request.seal().get().close(Json.bytes(answer)))
                    .bind("caller", caller)
                    .bind("key", key.get())
                    .execute();
            return answer;
        });
    }

    /** Deletes what is older than 24 hours, in small transactions. @return how many answers */
    public int purge() {
        int purged = 0;
        int last = BATCH;
        while (last == BATCH) {
            last = database.write(handle -> handle.createUpdate("""
                            DELETE FROM idempotency WHERE (caller, idempotency_key) IN (
                              SELECT caller, idempotency_key FROM idempotency
                              WHERE created_at < :old ORDER BY created_at LIMIT :batch)""")
                    .bind("old", clock.millis() - KEPT.toMillis())
                    .bind("batch", BATCH)
                    .execute());
            purged += last;
        }
        return purged;
    }

    private boolean claim(Handle handle, String caller, String key, String digest) {
        long now = clock.millis();
        handle.createUpdate("DELETE FROM idempotency WHERE caller = :caller AND idempotency_key = :key"
                        + " AND created_at < :old")
                .bind("caller", caller)
                .bind("key", key)
                .bind("old", now - KEPT.toMillis())
                .execute();
        return handle.createUpdate("""
                                INSERT INTO idempotency (caller, idempotency_key, request_sha256, answer, created_at)
                                VALUES (:caller, :key, :digest, :answer, :now)
                                ON CONFLICT DO NOTHING""")
                        .bind("caller", caller)
                        .bind("key", key)
                        .bind("digest", digest)
                        .bind("answer", NOTHING)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    private static ObjectNode first(Handle handle, PortalRequest request, String caller, String key, String digest) {
        Stored stored = handle.createQuery("""
                        SELECT request_sha256, answer FROM idempotency
                        WHERE caller = :caller AND idempotency_key = :key""")
                .bind("caller", caller)
                .bind("key", key)
                .map((row, context) -> new Stored(row.getString(1), Optional.ofNullable(row.getBytes(2))))
                .one();
        if (!stored.digest().equals(digest)) {
            throw ApiException.of(
                    ErrorCode.IDEMPOTENCY_CONFLICT,
                    "This Idempotency-Key was used for another request; take a new one for each");
        }
        return stored.answer()
                .flatMap(request.seal().orElseThrow()::open)
                .map(Json::readObject)
                .orElseThrow(() -> ApiException.of(
                        ErrorCode.IDEMPOTENCY_CONFLICT, "The first answer of this Idempotency-Key cannot be read"));
    }

    private static String digest(PortalRequest request, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((request.method() + " " + request.path() + "\n").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    private record Stored(String digest, Optional<byte[]> answer) {}
}
