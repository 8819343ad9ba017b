package ai.robutler.http;

import ai.robutler.support.FakeModelServer;
import ai.robutler.support.RunningGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A gateway with routes that take uploads and answer with files, without a portal. */
final class UploadRoutes implements AutoCloseable {
    private static final String DOWNLOAD = """
            - route:
                id: download
                routeConfigurationId: api-errors
                description: Answers with a file.
                from:
                  uri: platform-http
                  parameters:
                    path: /downloads/{agent}
                    httpMethodRestrict: GET
                  steps:
                    - to:
                        id: download-admit
                        uri: kamelet:caller-admission-action
                    - bean:
                        id: download-find
                        beanType: ai.robutler.http.UploadSteps
                        method: find
            """;

    private final FakeModelServer model = new FakeModelServer();
    private final RunningGateway gateway;

    /** @param settings names and values in turn */
    UploadRoutes(String... settings) {
        Map<String, String> all = new HashMap<>();
        all.put("openai.base-url", model.baseUrl());
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        gateway = RunningGateway.start(all, UploadRoutes::addRoutes);
    }

    private static void addRoutes(Path home) throws IOException {
        StringBuilder routes = new StringBuilder();
        for (String method : List.of("tell", "keep", "fail")) {
            routes.append(upload(method));
        }
        Files.writeString(home.resolve("routes/uploads.camel.yaml"), routes.append(DOWNLOAD));
    }

    private static String upload(String method) {
        return """
            - route:
                id: upload-%1$s
                routeConfigurationId: api-errors
                description: Takes an upload.
                from:
                  uri: platform-http
                  parameters:
                    path: /uploads/%1$s
                    httpMethodRestrict: POST
                    consumes: multipart/form-data
                  steps:
                    - to:
                        id: upload-%1$s-admit
                        uri: kamelet:caller-admission-action
                    - process:
                        id: upload-%1$s-read
                        ref: uploadReader
                    - bean:
                        id: upload-%1$s-do
                        beanType: ai.robutler.http.UploadSteps
                        method: %1$s
            """.formatted(method);
    }

    RunningGateway gateway() {
        return gateway;
    }

    /** The files in the folder of uploads. */
    List<Path> incoming() {
        try (Stream<Path> files = Files.list(gateway.home().resolve("data/content/incoming"))) {
            return files.toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        gateway.close();
        model.close();
    }
}
