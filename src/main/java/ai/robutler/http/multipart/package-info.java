/** The parts of a {@code multipart/form-data} body (RFC 7578), told as the body arrives and never held whole. */
@NullMarked
package ai.robutler.http.multipart;

import org.jspecify.annotations.NullMarked;
