package ai.robutler;

import java.util.Set;

/** The beans that routes and kamelets may name, as {@code validate} knows them without building any. */
final class BeanNames {
    /** Every name that the wiring binds. */
    static final Set<String> ALL = Set.of(
            "agentDirectory",
            "agentPages",
            "answerRelay",
            "answerStore",
            "callerIdentity",
            "callerLimits",
            "chatRequestReader",
            "errorWriter",
            "modelOpen",
            "modelRouter",
            "notFound",
            "portalArchives",
            "portalRequests",
            "portalStatus",
            "publicResources",
            "restoreReader",
            "serverStatus",
            "usageLog",
            "usageQueue",
            "userApi",
            "vertx");

    private BeanNames() {}
}
