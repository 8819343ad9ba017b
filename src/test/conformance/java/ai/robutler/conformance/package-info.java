/** The official client libraries against the gateway: what each of them makes of every kind of answer. */
@NullMarked
package ai.robutler.conformance;

import org.jspecify.annotations.NullMarked;
