package ai.robutler.portal.archive;

import ai.robutler.portal.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Makes of a backup one that is whole, and whose users are gone. */
final class Orphans {
    private Orphans() {}

    static void make(Path file) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        ObjectNode manifest = Json.readObject(Objects.requireNonNull(entries.get(Manifest.NAME)));
        for (JsonNode table : manifest.path("tables")) {
            if (table.path("table").asText().equals("users")) {
                ((ObjectNode) table).put("rows", 0).put("bytes", 0).put("sha256", nothing());
            }
        }
        entries.put("tables/users.jsonl", new byte[0]);
        entries.put(Manifest.NAME, Json.bytes(manifest));
        Path copy = file.resolveSibling("orphans.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String nothing() {
        return new Hashing(OutputStream.nullOutputStream()).sha256();
    }
}
