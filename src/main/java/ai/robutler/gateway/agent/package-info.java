/** The agents that are served: static ones from files, and what is told of each. */
@NullMarked
package ai.robutler.gateway.agent;

import org.jspecify.annotations.NullMarked;
