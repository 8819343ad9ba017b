package ai.robutler.portal.intent;

import ai.robutler.portal.PortalRequest;

/**
 * What decides about who may find an agent of this portal.
 *
 * @param id its id
 * @param name its name
 * @param ownerId whose it is
 * @param isPublic whether everybody may find it
 */
record AgentFacts(String id, String name, String ownerId, boolean isPublic) {

    /** Whether the caller may find it: everybody a public one, else its owner and admins. */
    boolean isVisibleTo(PortalRequest caller) {
        return isPublic || caller.mayAct(ownerId);
    }
}
