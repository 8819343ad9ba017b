/** The wire shapes of OpenAI's chat completions. */
@NullMarked
package ai.robutler.api.openai;

import org.jspecify.annotations.NullMarked;
