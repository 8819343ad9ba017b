package ai.robutler.api.portal;

/** Who wants to know at once of what has changed in a portal of the same process; called after the change is stored. */
public interface PortalChanges {

    /** The agent of that name was made, changed or deleted. */
    void agentChanged(String name);

    /** The key was revoked, rotated or changed, or its user was. */
    void keyChanged(String keyId);

    /** Everything may have changed, as after a restore. */
    void everythingChanged();
}
