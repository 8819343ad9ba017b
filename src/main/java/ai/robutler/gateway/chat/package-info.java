/** Chat completions: the request as it is read, the answer as it is written. */
@NullMarked
package ai.robutler.gateway.chat;

import org.jspecify.annotations.NullMarked;
