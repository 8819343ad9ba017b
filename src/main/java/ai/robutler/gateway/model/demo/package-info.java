/** The built-in demo model: answers by rule where no language model is connected, and says so. */
@NullMarked
package ai.robutler.gateway.model.demo;

import org.jspecify.annotations.NullMarked;
