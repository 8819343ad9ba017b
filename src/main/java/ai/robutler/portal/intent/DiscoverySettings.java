package ai.robutler.portal.intent;

import java.time.Duration;

/**
 * How agents and intents are searched.
 *
 * @param semantic whether the sentence model is loaded; without it words decide
 * @param refresh between two readings of what other processes have written to the same database
 * @param purge between two removals of intents that have expired
 * @param mostPerUser how many intents a user may have published at a time
 */
public record DiscoverySettings(boolean semantic, Duration refresh, Duration purge, int mostPerUser) {}
