/** The models: which provider answers, the call to it, its failures. */
@NullMarked
package ai.robutler.gateway.model;

import org.jspecify.annotations.NullMarked;
