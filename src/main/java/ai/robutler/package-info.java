/** Starting up and wiring: the only place that knows every half. */
@NullMarked
package ai.robutler;

import org.jspecify.annotations.NullMarked;
