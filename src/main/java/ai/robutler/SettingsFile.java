package ai.robutler;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * An edited {@code application.properties}, with the line of each setting.
 *
 * @param values the settings as they are written
 * @param lines where each begins, from 1 on
 * @param findings lines that cannot be read, or that set again what is set already: line and message
 */
record SettingsFile(Properties values, Map<String, Integer> lines, Map<Integer, String> findings) {

    /** Reads a file; one that does not exist has no settings. */
    static SettingsFile read(Path file) throws IOException {
        SettingsFile read = new SettingsFile(new Properties(), new LinkedHashMap<>(), new LinkedHashMap<>());
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        List<String> logical = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            logical.add(lines.get(i));
            if (isComment(logical) || !goesOn(lines.get(i)) || i == lines.size() - 1) {
                read.take(i + 2 - logical.size(), String.join("\n", logical));
                logical.clear();
            }
        }
        return read;
    }

    private static boolean isComment(List<String> logical) {
        String text = logical.get(0).stripLeading();
        return text.startsWith("#") || text.startsWith("!");
    }

    private static boolean goesOn(String line) {
        int slashes = 0;
        while (slashes < line.length() && line.charAt(line.length() - 1 - slashes) == '\\') {
            slashes++;
        }
        return slashes % 2 == 1;
    }

    private void take(int line, String text) throws IOException {
        Properties one = new Properties();
        try {
            one.load(new StringReader(text));
        } catch (IllegalArgumentException malformed) {
            findings.put(line, "cannot be read: " + malformed.getMessage() + "; write \\\\ for a backslash");
            return;
        }
        for (String key : one.stringPropertyNames()) {
            Integer before = lines.put(key, line);
            if (before != null) {
                findings.put(line, "setting '" + key + "' is set in line " + before + " already; leave one");
            }
            values.setProperty(key, one.getProperty(key));
        }
    }
}
