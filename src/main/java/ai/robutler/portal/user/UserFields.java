package ai.robutler.portal.user;

import ai.robutler.api.ApiException;
import ai.robutler.portal.Fields;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a user's fields from a request; each is empty where it was not sent. */
final class UserFields {
    private static final int MOST_NAME = 200;
    private static final int MOST_EMAIL = 254;
    private static final int MOST_URL = 2000;
    private static final Pattern EMAIL = Pattern.compile("[^\\s@<>()\\[\\],;:\\\\\"\\p{Cntrl}]{1,64}"
            + "@[\\p{Alnum}]([\\p{Alnum}-]{0,61}[\\p{Alnum}])?(\\.[\\p{Alnum}]([\\p{Alnum}-]{0,61}[\\p{Alnum}])?)*");

    private final Fields fields;

    UserFields(Fields fields) {
        this.fields = fields;
    }

    String requiredName() {
        return fields.requiredText("name", MOST_NAME);
    }

    Optional<String> name() {
        return fields.has("name") ? Optional.of(requiredName()) : Optional.empty();
    }

    /** In lower case. */
    Optional<String> email() {
        return fields.text("email", MOST_EMAIL).map(text -> {
            String email = text.strip().toLowerCase(Locale.ROOT);
            if (!EMAIL.matcher(email).matches()) {
                throw ApiException.inField("email", "The field 'email' must be an address such as ann@example.org");
            }
            return email;
        });
    }

    Optional<User.Role> role() {
        return fields.text("role", MOST_NAME).map(text -> switch (text) {
            case "user" -> User.Role.USER;
            case "admin" -> User.Role.ADMIN;
            default -> throw ApiException.inField("role", "The field 'role' must be user or admin");
        });
    }

    Optional<String> planName() {
        return fields.text("planName", MOST_NAME).filter(text -> !text.isBlank());
    }

    Optional<String> avatarUrl() {
        return fields.text("avatarUrl", MOST_URL).map(text -> {
            if (!text.matches("https?://\\S+")) {
                throw ApiException.inField("avatarUrl", "The field 'avatarUrl' must be an http or https address");
            }
            return text;
        });
    }

    Optional<Boolean> active() {
        return fields.flag("active");
    }

    /** The user with what was sent put in place of what he had; a field sent as null is cleared where it may be absent. */
    User change(User user) {
        return new User(
                user.id(),
                name().orElse(user.name()),
                fields.has("email") ? email() : user.email(),
                role().orElse(user.role()),
                planName().orElse(user.planName()),
                fields.has("avatarUrl") ? avatarUrl() : user.avatarUrl(),
                user.referralCode(),
                active().orElse(user.active()),
                user.createdAt());
    }
}
