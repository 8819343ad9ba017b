package ai.robutler.portal.archive;

/** Is told how far a copy has come. */
@FunctionalInterface
public interface Progress {
    /** Nobody wants to know. */
    Progress UNTOLD = (done, total) -> {};

    /**
     * So much is done.
     *
     * @param done about so many bytes
     * @param total of about so many in all
     */
    void at(long done, long total);
}
