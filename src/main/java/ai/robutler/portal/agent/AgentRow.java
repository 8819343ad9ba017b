package ai.robutler.portal.agent;

import ai.robutler.portal.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** One row of the table {@code agents}. */
final class AgentRow {
    /** All columns. */
    static final String COLUMNS = """
            id, owner_id, name, description, instructions, model, intents, skills, tools,
            can_talk_to_other_agents, other_agents_can_talk, is_public,
            credits_per_token, credits_per_call, minimum_balance, agent_pricing_percent,
            avatar_url, greeting_message, greeting_image_mobile, greeting_image_desktop, suggested_actions,
            created_at, updated_at""";

    /** The places of their values, in the same order. */
    static final String PLACEHOLDERS = each(":%s");

    /** What sets all of them. */
    static final String ASSIGNMENTS = each("%1$s = :%1$s");

    private AgentRow() {}

    private static String each(String format) {
        return Arrays.stream(COLUMNS.split(",\\s+")).map(format::formatted).collect(Collectors.joining(", "));
    }

    /** Binds every column. */
    static Update bind(Update update, StoredAgent agent) {
        StoredAgent.Access access = agent.access();
        update.bind("id", agent.id())
                .bind("owner_id", agent.ownerId())
                .bind("can_talk_to_other_agents", access.canTalkToOtherAgents())
                .bind("other_agents_can_talk", access.otherAgentsCanTalk())
                .bind("is_public", access.isPublic())
                .bind("created_at", agent.createdAt())
                .bind("updated_at", agent.updatedAt());
        bind(update, agent.profile());
        bind(update, agent.pricing());
        bind(update, agent.look());
        return update;
    }

    private static void bind(Update update, StoredAgent.Profile profile) {
        update.bind("name", profile.name())
                .bind("description", profile.description().orElse(null))
                .bind("instructions", profile.instructions())
                .bind("model", profile.model().orElse(null))
                .bind("intents", Json.array(profile.intents()).toString())
                .bind("skills", profile.skills().toString())
                .bind("tools", Json.array(profile.tools()).toString());
    }

    private static void bind(Update update, StoredAgent.Pricing pricing) {
        update.bind("credits_per_token", boxed(pricing.creditsPerToken()))
                .bind("credits_per_call", boxed(pricing.creditsPerCall()))
                .bind("minimum_balance", boxed(pricing.minimumBalance()))
                .bind("agent_pricing_percent", boxed(pricing.agentPricingPercent()));
    }

    private static void bind(Update update, StoredAgent.Look look) {
        update.bind("avatar_url", look.avatarUrl().orElse(null))
                .bind("greeting_message", look.greetingMessage().orElse(null))
                .bind("greeting_image_mobile", look.greetingImageMobile().orElse(null))
                .bind("greeting_image_desktop", look.greetingImageDesktop().orElse(null))
                .bind("suggested_actions", Json.array(look.suggestedActions()).toString());
    }

    /** The agent of a row that has all columns. */
    static StoredAgent read(ResultSet row, StatementContext context) throws SQLException {
        return new StoredAgent(
                row.getString("id"),
                row.getString("owner_id"),
                profile(row),
                new StoredAgent.Access(
                        row.getBoolean("can_talk_to_other_agents"),
                        row.getBoolean("other_agents_can_talk"),
                        row.getBoolean("is_public")),
                new StoredAgent.Pricing(
                        whole(row, "credits_per_token"),
                        whole(row, "credits_per_call"),
                        whole(row, "minimum_balance"),
                        whole(row, "agent_pricing_percent")),
                look(row),
                row.getLong("created_at"),
                row.getLong("updated_at"));
    }

    private static StoredAgent.Profile profile(ResultSet row) throws SQLException {
        return new StoredAgent.Profile(
                row.getString("name"),
                text(row, "description"),
                row.getString("instructions"),
                text(row, "model"),
                Json.texts(row.getString("intents")),
                Json.read(row.getString("skills")),
                Json.texts(row.getString("tools")));
    }

    private static StoredAgent.Look look(ResultSet row) throws SQLException {
        return new StoredAgent.Look(
                text(row, "avatar_url"),
                text(row, "greeting_message"),
                text(row, "greeting_image_mobile"),
                text(row, "greeting_image_desktop"),
                Json.texts(row.getString("suggested_actions")));
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    private static OptionalLong whole(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isEmpty() ? null : value.getAsLong();
    }
}
