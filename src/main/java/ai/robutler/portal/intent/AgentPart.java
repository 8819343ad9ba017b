package ai.robutler.portal.intent;

import java.util.Locale;

/** What of an agent is searched; each part is an entry of the index, so that a search may leave others out. */
enum AgentPart {
    /** How it is called. */
    NAME,
    /** What it is good for. */
    DESCRIPTION,
    /** Phrases that say what it can do. */
    INTENTS;

    private static final char BETWEEN = '/';

    /** The entry's id. */
    String entry(String agentId) {
        return agentId + BETWEEN + told();
    }

    /** How clients call it. */
    String told() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the entry is this part of an agent. */
    boolean isPartOf(String entry) {
        return entry.endsWith(BETWEEN + told());
    }

    /** The agent's id. */
    static String agentOf(String entry) {
        return entry.substring(0, entry.indexOf(BETWEEN));
    }
}
