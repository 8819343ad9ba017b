package ai.robutler.http;

/** Sees every request begin and end, whatever became of it. */
public interface HttpObserver {

    /** The request's headers have been read. */
    void started(HttpCall call);

    /** A route has matched: {@link HttpCall#route()} is known. Once for each call at most. */
    void matched(HttpCall call);

    /**
     * The last byte was written, or the connection is gone.
     *
     * @param status the HTTP status that was answered; 499 when the caller hung up before one was
     */
    void ended(HttpCall call, int status);
}
