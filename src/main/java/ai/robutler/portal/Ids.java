package ai.robutler.portal;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;

/** Makes ids: UUIDv7, so that later ones sort behind earlier ones. */
public final class Ids {
    private static final TimeBasedEpochGenerator UUIDS = Generators.timeBasedEpochGenerator();

    private Ids() {}

    /** A new id. */
    public static String next() {
        return UUIDS.generate().toString();
    }
}
