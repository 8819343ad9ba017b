/** The asynchronous HTTP engine: requests in, answers out, limits and time-outs of both, errors in one shape. */
@NullMarked
package ai.robutler.http;

import org.jspecify.annotations.NullMarked;
