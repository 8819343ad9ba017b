/** What tests stand on: a fake model, readers of event streams and of raw HTTP. */
@NullMarked
package ai.robutler.support;

import org.jspecify.annotations.NullMarked;
