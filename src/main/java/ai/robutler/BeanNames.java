package ai.robutler;

import java.util.Set;

/** The beans that routes and kamelets may name, as {@code validate} knows them without building any. */
final class BeanNames {
    /** Every name that the wiring binds. */
    static final Set<String> ALL = Set.of(
            "agentApi",
            "agentDirectory",
            "agentIntentsApi",
            "agentKeyApi",
            "agentPages",
            "agentSearchApi",
            "answerRelay",
            "answerStore",
            "callerIdentity",
            "callerLimits",
            "chatRequestReader",
            "contentApi",
            "creditApi",
            "errorWriter",
            "integrationApi",
            "intentApi",
            "intentSearchApi",
            "keyApi",
            "modelOpen",
            "modelRouter",
            "newKeyApi",
            "notFound",
            "portalArchives",
            "portalCalls",
            "portalRequests",
            "portalStatus",
            "publicResources",
            "restoreReader",
            "serverStatus",
            "uploadReader",
            "usageLog",
            "usageQueue",
            "userApi",
            "vertx");

    private BeanNames() {}
}
