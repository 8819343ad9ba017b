package ai.robutler.portal;

import ai.robutler.api.portal.PortalChanges;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells everybody who wants to know of each change. */
public final class Changes implements PortalChanges {
    private final List<PortalChanges> listeners = new CopyOnWriteArrayList<>();

    /** Tells this listener too, from now on. */
    public void add(PortalChanges listener) {
        listeners.add(listener);
    }

    @Override
    public void agentChanged(String name) {
        listeners.forEach(listener -> listener.agentChanged(name));
    }

    @Override
    public void keyChanged(String keyId) {
        listeners.forEach(listener -> listener.keyChanged(keyId));
    }

    @Override
    public void everythingChanged() {
        listeners.forEach(PortalChanges::everythingChanged);
    }
}
