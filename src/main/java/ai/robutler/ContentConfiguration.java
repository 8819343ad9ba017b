package ai.robutler;

import ai.robutler.http.StepExecutor;
import ai.robutler.http.UploadReader;
import ai.robutler.http.UploadSettings;
import ai.robutler.portal.content.ContentApi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;

/** The beans of the portal's content, and of the uploads that bring it. */
final class ContentConfiguration implements CamelConfiguration {
    private final Settings settings;
    private final PortalConfiguration portal;
    private final StepExecutor steps;
    private final Supplier<String> address;

    /** @param address how the server's own address begins, once it has one */
    ContentConfiguration(Settings settings, PortalConfiguration portal, StepExecutor steps, Supplier<String> address) {
        this.settings = settings;
        this.portal = portal;
        this.steps = steps;
        this.address = address;
    }

    /** Deletes what a killed process left half done; so nothing may be coming yet. */
    @Override
    public void configure(CamelContext context) throws IOException {
        Path folder = settings.path("robutler.data").resolve("content");
        String publicUrl = settings.text("portal.public-url").replaceFirst("/+$", "");
        context.getRegistry().bind("uploadReader", new UploadReader(uploads(folder.resolve("incoming")), steps));
        context.getRegistry()
                .bind(
                        "contentApi",
                        new ContentApi(
                                portal.database(),
                                portal.firstAnswers(),
                                new ContentApi.Place(
                                        folder,
                                        settings.number("portal.content.quota-bytes", 0),
                                        publicUrl.isEmpty() ? address : () -> publicUrl),
                                Clock.systemUTC()));
    }

    private UploadSettings uploads(Path incoming) {
        return new UploadSettings(
                incoming,
                settings.number("portal.content.max-file-bytes", 1),
                settings.integer("portal.content.max-uploads", 1),
                settings.integer("portal.content.max-fields", 1),
                settings.integer("portal.content.max-field-bytes", 1),
                settings.duration("gateway.body-timeout"),
                settings.number("gateway.upload-min-bytes", 0));
    }
}
