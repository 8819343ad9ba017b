/** The load bench: what a request and a streamed chunk cost the server, on one machine. */
@NullMarked
package ai.robutler.bench;

import org.jspecify.annotations.NullMarked;
