package ai.robutler.portal.store;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the database is. Its text holds no password.
 *
 * @param jdbcUrl what the driver takes; for PostgreSQL with user and password
 * @param postgres whether it is PostgreSQL; else SQLite
 * @param shown how it is named in messages
 */
public record DatabaseAddress(String jdbcUrl, boolean postgres, String shown) {
    private static final String JDBC = "jdbc:";
    private static final String SQLITE = "sqlite:";

    /** Its hosts may be several, and may have names that no address of the web may have, such as {@code my_db}. */
    private static final Pattern SERVER = Pattern.compile("(?i)postgres(?:ql)?://"
            + "(?:(?<user>[^:@/]*)(?::(?<password>[^/]*))?@)?"
            + "(?<place>[^/?#@\\s]+)(?<name>/[^?#\\s]*)?(?:\\?(?<query>\\S*))?");

    /**
     * Reads the setting.
     *
     * @param setting {@code postgresql://user:password@host:port/name}, the same with {@code jdbc:} before it,
     *     {@code jdbc:sqlite:<file>} (after a {@code ?}, pragmas as its driver takes them), or empty for SQLite in the data
     *     folder
     * @throws IllegalArgumentException that names the setting, never its password
     */
    public static DatabaseAddress of(String setting, Path data) {
        if (setting.isBlank()) {
            return sqlite(data.resolve("portal.db").toString());
        }
        String url = setting.startsWith(JDBC) ? setting.substring(JDBC.length()) : setting;
        Matcher server = SERVER.matcher(url);
        if (server.matches()) {
            return postgres(server);
        }
        String file = url.startsWith(SQLITE) ? url.substring(SQLITE.length()) : "";
        if (file.isBlank() || file.startsWith(":") || file.startsWith("file:") || file.startsWith("?")) {
            throw new IllegalArgumentException("setting 'database.url' (DATABASE_URL) is not a database's address; it"
                    + " takes postgresql://user:password@host:5432/name, jdbc:sqlite:<file>, or nothing for SQLite in"
                    + " the data folder");
        }
        return sqlite(file);
    }

    private static DatabaseAddress sqlite(String file) {
        return new DatabaseAddress(JDBC + SQLITE + file, false, "SQLite " + file.split("\\?", 2)[0]);
    }

    private static DatabaseAddress postgres(Matcher server) {
        List<String> parameters = new ArrayList<>();
        if (server.group("query") != null) {
            parameters.add(server.group("query"));
        }
        if (server.group("user") != null) {
            parameters.add("user=" + recoded(server.group("user")));
        }
        if (server.group("password") != null) {
            parameters.add("password=" + recoded(server.group("password")));
        }
        String place = server.group("place") + (server.group("name") == null ? "/" : server.group("name"));
        String query = parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
        return new DatabaseAddress(JDBC + "postgresql://" + place + query, true, "PostgreSQL " + place);
    }

    /** From an address's encoding to the driver's; a text with a percent sign of its own stays as it is. */
    private static String recoded(String text) {
        String plain = text;
        try {
            plain = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            // a password that nobody encoded
        }
        return URLEncoder.encode(plain, StandardCharsets.UTF_8);
    }

    /** The SQLite file. @throws IllegalStateException for PostgreSQL */
    public Path file() {
        if (postgres) {
            throw new IllegalStateException("PostgreSQL has no file");
        }
        return Path.of(jdbcUrl.substring((JDBC + SQLITE).length()).split("\\?", 2)[0]);
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return shown;
    }
}
