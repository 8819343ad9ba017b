package ai.robutler.portal.key;

import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.generic.GenericType;

/** The table {@code key_days}: what each key was used for, by days of UTC; each method works in its handle's transaction. */
public final class KeyUseRepository {

    /**
     * What a key was used for.
     *
     * @param requests how many requests it made
     * @param tokens LLM tokens
     * @param credits what it spent, in millionths
     */
    public record Sum(long requests, long tokens, long credits) {}

    /**
     * The same of one day.
     *
     * @param day days since 1970
     * @param sum what it was used for on it
     */
    public record Day(long day, Sum sum) {}

    /** Adds to a day of a key's. */
    public void add(Handle handle, String keyId, long day, Sum more) {
        handle.createUpdate("""
                        INSERT INTO key_days (key_id, day, requests, tokens, credits)
                        VALUES (:key, :day, :requests, :tokens, :credits)
                        ON CONFLICT (key_id, day) DO UPDATE SET requests = key_days.requests + excluded.requests,
                          tokens = key_days.tokens + excluded.tokens, credits = key_days.credits + excluded.credits""")
                .bind("key", keyId)
                .bind("day", day)
                .bind("requests", more.requests())
                .bind("tokens", more.tokens())
                .bind("credits", more.credits())
                .execute();
    }

    /** Notes when a key was last used. */
    public void used(Handle handle, String keyId, long at) {
        handle.createUpdate(
                        "UPDATE api_keys SET last_used_at = :at WHERE id = :id AND (last_used_at IS NULL OR last_used_at < :at)")
                .bind("id", keyId)
                .bind("at", at)
                .execute();
    }

    /** All that a key was ever used for. */
    public Sum total(Handle handle, String keyId) {
        return handle.createQuery("""
                        SELECT CAST(COALESCE(SUM(requests), 0) AS BIGINT) AS requests,
                          CAST(COALESCE(SUM(tokens), 0) AS BIGINT) AS tokens,
                          CAST(COALESCE(SUM(credits), 0) AS BIGINT) AS credits
                        FROM key_days WHERE key_id = :key""")
                .bind("key", keyId)
                .map((row, context) -> new Sum(row.getLong("requests"), row.getLong("tokens"), row.getLong("credits")))
                .one();
    }

    /** What was spent with each of a user's keys, in millionths, by their ids; without those that spent nothing. */
    public Map<String, Long> spent(Handle handle, String userId) {
        return handle.createQuery("""
                        SELECT key_id, CAST(SUM(credits) AS BIGINT) AS credits FROM key_days
                        WHERE key_id IN (SELECT id FROM api_keys WHERE user_id = :user) AND credits > 0
                        GROUP BY key_id""")
                .bind("user", userId)
                .setMapKeyColumn("key_id")
                .setMapValueColumn("credits")
                .collectInto(new GenericType<Map<String, Long>>() {});
    }

    /** The days on which a key was used, the newest first. */
    public List<Day> days(Handle handle, String keyId, int most) {
        return handle.createQuery("""
                        SELECT day, requests, tokens, credits FROM key_days WHERE key_id = :key
                        ORDER BY day DESC LIMIT :most""")
                .bind("key", keyId)
                .bind("most", most)
                .map((row, context) -> new Day(
                        row.getLong("day"),
                        new Sum(row.getLong("requests"), row.getLong("tokens"), row.getLong("credits"))))
                .list();
    }
}
