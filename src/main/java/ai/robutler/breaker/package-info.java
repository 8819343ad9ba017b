/** Camel's circuit breaker step, asynchronous, and one breaker for each provider. */
@NullMarked
package ai.robutler.breaker;

import org.jspecify.annotations.NullMarked;
