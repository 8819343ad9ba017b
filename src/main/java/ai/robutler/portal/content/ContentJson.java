package ai.robutler.portal.content;

import ai.robutler.portal.Json;
import ai.robutler.portal.Times;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** Files as callers read of them. */
final class ContentJson {
    private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB");
    private static final BigDecimal STEP = BigDecimal.valueOf(1024);

    private final Supplier<String> address;

    /** @param address how addresses begin, without a slash at the end */
    ContentJson(Supplier<String> address) {
        this.address = address;
    }

    /** The file. */
    ObjectNode of(ContentFile file) {
        ObjectNode json = Json.object();
        json.put("id", file.id());
        json.put("name", file.fileName());
        json.put("fileName", file.fileName());
        json.put("originalFileName", file.originalFileName());
        json.put("size", file.size());
        json.put("sizeFormatted", size(file.size()));
        json.put("url", url(file));
        json.put("visibility", file.about().visibility());
        json.set("tags", Json.array(file.about().tags()));
        json.put("description", file.about().description().orElse(null));
        json.put("contentType", file.contentType());
        json.put("uploadedAt", Times.text(file.createdAt()));
        json.put("sha256", file.sha256());
        return json;
    }

    /** The file, and the same under {@code file}. */
    ObjectNode answer(ContentFile file) {
        ObjectNode json = of(file);
        json.set("file", of(file));
        return json;
    }

    private String url(ContentFile file) {
        String path = file.about().isPublic()
                ? "/api/content/public/" + file.id() + "/" + encoded(file.fileName())
                : "/api/content/" + file.id() + "/download";
        return address.get() + path;
    }

    /** A {@code Content-Disposition} that has the file saved, never shown. */
    static String disposition(String fileName) {
        String ascii = fileName.replaceAll("[^\\x20-\\x7e]", "_").replaceAll("[\"\\\\%;]", "_");
        return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + encoded(fileName);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    /** Such as {@code 1.5 KB}; one decimal at most, in steps of 1024. */
    static String size(long bytes) {
        BigDecimal size = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (size.compareTo(STEP) >= 0 && unit < UNITS.size() - 1) {
            size = size.divide(STEP);
            unit++;
        }
        BigDecimal rounded = size.setScale(1, RoundingMode.HALF_UP).stripTrailingZeros();
        return (rounded.scale() < 0 ? rounded.setScale(0) : rounded).toPlainString() + " " + UNITS.get(unit);
    }
}
