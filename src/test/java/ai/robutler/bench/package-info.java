/** The benches: what a request, a streamed chunk and a search cost, on one machine. */
@NullMarked
package ai.robutler.bench;

import org.jspecify.annotations.NullMarked;
