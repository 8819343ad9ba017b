package ai.robutler.gateway.model;

/** The caller hung up; nobody is left to answer, and no provider is to blame. */
public final class CallerGone extends RuntimeException {

    CallerGone() {
        super("the caller hung up", null, false, false);
    }
}
