package ai.robutler.portal.store;

/** The database's file cannot be read any more; its message says what to do. */
public final class DamagedDatabaseException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    DamagedDatabaseException(String message) {
        super(message);
    }
}
