package ai.robutler.portal.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where the database is. Its text holds no password.
 *
 * @param jdbcUrl what the driver takes; for PostgreSQL with user and password
 * @param postgres whether it is PostgreSQL; else SQLite
 * @param shown how it is named in messages
 */
public record DatabaseAddress(String jdbcUrl, boolean postgres, String shown) {
    private static final String JDBC = "jdbc:";

    /**
     * Reads the setting.
     *
     * @param setting {@code postgresql://user:password@host:port/name}, the same with {@code jdbc:} before it,
     *     {@code jdbc:sqlite:<file>}, or empty for SQLite in the data folder
     * @throws IllegalArgumentException that names the setting, never its password
     */
    public static DatabaseAddress of(String setting, Path data) {
        if (setting.isBlank()) {
            return sqlite(data.resolve("portal.db"));
        }
        String url = setting.startsWith(JDBC) ? setting.substring(JDBC.length()) : setting;
        if (url.startsWith("sqlite:")) {
            return sqlite(Path.of(url.substring("sqlite:".length())));
        }
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("postgresql") || scheme.equals("postgres")) && uri.getHost() != null) {
                return postgres(uri);
            }
        } catch (URISyntaxException notAnAddress) {
            // told below, without the text: it may hold a password
        }
        throw new IllegalArgumentException("setting 'database.url' (DATABASE_URL) is not a database's address;"
                + " it takes postgresql://user:password@host:5432/name, or nothing for SQLite in the data folder");
    }

    private static DatabaseAddress sqlite(Path file) {
        return new DatabaseAddress("jdbc:sqlite:" + file, false, "SQLite " + file);
    }

    private static DatabaseAddress postgres(URI uri) {
        List<String> parameters = new ArrayList<>();
        if (uri.getRawQuery() != null) {
            parameters.add(uri.getRawQuery());
        }
        if (uri.getUserInfo() != null) {
            String[] parts = uri.getUserInfo().split(":", 2);
            parameters.add("user=" + encoded(parts[0]));
            if (parts.length > 1) {
                parameters.add("password=" + encoded(parts[1]));
            }
        }
        String place = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + uri.getRawPath();
        String query = parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
        return new DatabaseAddress(JDBC + "postgresql://" + place + query, true, "PostgreSQL " + place);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The SQLite file. @throws IllegalStateException for PostgreSQL */
    public Path file() {
        if (postgres) {
            throw new IllegalStateException("PostgreSQL has no file");
        }
        return Path.of(jdbcUrl.substring("jdbc:sqlite:".length()));
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return shown;
    }
}
