package ai.robutler.gateway.model;

import ai.robutler.gateway.chat.ModelRequest;
import ai.robutler.http.HttpCall;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/**
 * The {@code modelOpen} step: asks the model of the variable {@code modelPlan} and sets {@code modelAnswer} when it has
 * begun to answer. Belongs inside the breaker. No thread waits meanwhile.
 */
public final class ModelOpen extends AsyncProcessorSupport {
    private final ModelClient client;
    private final Executor steps;

    /** @param steps where the route goes on */
    public ModelOpen(ModelClient client, Executor steps) {
        this.client = client;
        this.steps = steps;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            HttpCall call = HttpCall.of(exchange);
            ModelPlan plan = exchange.getVariable("modelPlan", ModelPlan.class);
            byte[] body = ModelRequest.bytes(plan.modelRequest());
            long asked = System.nanoTime();
            client.open(call, plan.target(), body, plan.request().stream(), new ModelOpening.Listener() {
                @Override
                public void opened(ModelAnswer answer) {
                    call.waitedForModel(System.nanoTime() - asked);
                    exchange.setVariable("modelAnswer", answer);
                    goOn(exchange, callback);
                }

                @Override
                public void failed(Exception failure) {
                    call.waitedForModel(System.nanoTime() - asked);
                    exchange.setException(failure);
                    goOn(exchange, callback);
                }
            });
            return false;
        } catch (RuntimeException failure) {
            exchange.setException(failure);
            callback.done(true);
            return true;
        }
    }

    private void goOn(Exchange exchange, AsyncCallback callback) {
        try {
            steps.execute(() -> callback.done(false));
        } catch (RejectedExecutionException full) {
            exchange.setException(full);
            callback.done(false);
        }
    }
}
