/** What every answer and every outgoing call over HTTP needs. */
@NullMarked
package ai.robutler.http;

import org.jspecify.annotations.NullMarked;
