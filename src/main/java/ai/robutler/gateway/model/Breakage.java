package ai.robutler.gateway.model;

import org.jspecify.annotations.Nullable;

/** Whether the connection of an answer is gone. Remembers it for a listener that comes later. Used on one event loop. */
final class Breakage {
    private boolean broken;
    private @Nullable Runnable listener;

    /** The connection is gone. */
    void happened() {
        broken = true;
        Runnable told = listener;
        if (told != null) {
            told.run();
        }
    }

    /** Runs the listener when the connection is gone; at once when it already is. */
    void listen(Runnable toTell) {
        listener = toTell;
        if (broken) {
            toTell.run();
        }
    }
}
