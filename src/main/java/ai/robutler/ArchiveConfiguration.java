package ai.robutler;

import ai.robutler.http.StepExecutor;
import ai.robutler.http.UploadReader;
import ai.robutler.http.UploadSettings;
import ai.robutler.portal.archive.Archives;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;

/** The beans of the portal's backups and restores. */
final class ArchiveConfiguration implements CamelConfiguration {
    private final Settings settings;
    private final PortalConfiguration portal;
    private final StepExecutor steps;

    ArchiveConfiguration(Settings settings, PortalConfiguration portal, StepExecutor steps) {
        this.settings = settings;
        this.portal = portal;
        this.steps = steps;
    }

    /** Deletes what a killed process left of its copies. */
    @Override
    public void configure(CamelContext context) throws IOException {
        Path data = settings.path("robutler.data");
        Clock clock = Clock.systemUTC();
        Archives archives = new Archives(portal.database(), data, clock);
        context.getRegistry().bind("restoreReader", new UploadReader(uploads(Archives.drafts(data)), steps));
        context.getRegistry().bind("portalArchives", new PortalArchives(archives, data, portal.changes(), clock));
    }

    private UploadSettings uploads(Path incoming) {
        return new UploadSettings(
                incoming,
                settings.number("portal.restore.max-bytes", 1),
                1,
                settings.integer("portal.content.max-fields", 1),
                settings.integer("portal.content.max-field-bytes", 1),
                settings.duration("gateway.body-timeout"),
                settings.number("gateway.upload-min-bytes", 0));
    }
}
