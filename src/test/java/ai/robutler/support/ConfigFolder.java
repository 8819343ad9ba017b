package ai.robutler.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files that an operator edits, of one test's gateway. Each is put in place whole, as a careful editor does. */
public final class ConfigFolder {
    private final Path home;

    /** @param home holds config, routes and kamelets */
    public ConfigFolder(Path home) {
        this.home = home;
    }

    /** Settings for a gateway whose default provider is the fake model and, in turn, names and values of more. */
    public static Map<String, String> settings(FakeModelServer model, String... more) {
        Map<String, String> all = new java.util.HashMap<>();
        all.put("openai.base-url", model.baseUrl());
        all.put("openai.model", "fake-model");
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    /** Writes a file below the home folder, such as {@code config/agents/bob.yaml}. */
    public ConfigFolder write(String path, String text) {
        try {
            Path file = home.resolve(path);
            Path whole = Files.writeString(Files.createTempFile("edited", ""), text);
            Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The text of a file below the home folder. */
    public String read(String path) {
        try {
            return Files.readString(home.resolve(path));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Deletes a file below the home folder. */
    public void delete(String path) {
        try {
            Files.delete(home.resolve(path));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Replaces a text that must stand in the file. */
    public ConfigFolder replace(String path, String old, String now) {
        String text = read(path);
        if (!text.contains(old)) {
            throw new IllegalArgumentException(path + " has no '" + old + "'");
        }
        return write(path, text.replace(old, now));
    }

    /** Writes {@code config/agents/<name>.yaml}. */
    public ConfigFolder agent(String name, String yaml) {
        return write("config/agents/" + name + ".yaml", yaml);
    }

    /** Sets a line of {@code config/application.properties}. */
    public ConfigFolder setting(String key, String value) {
        return setting(key, value, key);
    }

    /** Puts a line of {@code config/application.properties} in place of another setting's. */
    public ConfigFolder setting(String key, String value, String before) {
        Pattern line = Pattern.compile("(?m)^" + Pattern.quote(before) + " =.*$");
        String text = read("config/application.properties");
        if (!line.matcher(text).find()) {
            throw new IllegalArgumentException("application.properties has no " + before);
        }
        String edited = line.matcher(text).replaceFirst(Matcher.quoteReplacement(key + " = " + value));
        return write("config/application.properties", edited);
    }

    /** Writes {@code config/limits.yaml}. */
    public ConfigFolder limits(String yaml) {
        return write("config/limits.yaml", yaml);
    }

    /** Writes {@code config/api-keys.yaml} with one key for each user, {@link #key}; {@code more} is put in each entry. */
    public ConfigFolder keys(Map<String, String> moreByUser) {
        StringBuilder yaml = new StringBuilder("keys:\n");
        moreByUser.forEach((user, more) -> yaml.append("  - {id: key_")
                .append(user)
                .append(", user: ")
                .append(user)
                .append(", sha256: ")
                .append(sha256(key(user)))
                .append(more.isEmpty() ? "" : ", " + more)
                .append("}\n"));
        return write("config/api-keys.yaml", yaml.toString());
    }

    /** The API key of a user. */
    public static String key(String user) {
        return "rok_test_" + user;
    }

    /** The header that sends a user's key. */
    public static String[] as(String user) {
        return new String[] {"Authorization", "Bearer " + key(user)};
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
