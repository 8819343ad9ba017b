package ai.robutler.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The 429 that a call must end in. */
final class Refused {
    private Refused() {}

    static ApiException by(ThrowingCallable call) {
        ApiException refusal = catchThrowableOfType(ApiException.class, call);
        assertThat(refusal).as("refusal").isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        return refusal;
    }
}
