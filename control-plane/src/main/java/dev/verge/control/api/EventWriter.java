package dev.verge.control.api;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes events onto one response. On its context, where nothing else is said. */
final class EventWriter {
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Vertx vertx;
    private final Context context;
    private final HttpServerResponse response;
    private @Nullable Runnable end;
    private long beat = -1;
    private long last = -1;
    private long dropped;
    private boolean over;

    EventWriter(Vertx vertx, Context context, HttpServerResponse response) {
        this.vertx = vertx;
        this.context = context;
        this.response = response;
    }

    /** The head is written by now. */
    void begin(EventStream stream) {
        response.closeHandler(ignored -> close());
        response.exceptionHandler(ignored -> close());
        response.drainHandler(ignored -> tellDropped());
        response.write(": watching\n\n");
        beat = vertx.setPeriodic(SIGN_OF_LIFE.toMillis(), ignored -> {
            if (!over && !response.writeQueueFull()) {
                response.write(": still here\n\n");
            }
        });
        last = vertx.setTimer(LONGEST.toMillis(), ignored -> {
            if (!over) {
                response.end();
                close();
            }
        });
        end = stream.start((name, data) -> context.runOnContext(ignored -> send(name, data)));
        if (over) {
            end.run();
        }
    }

    private void send(String name, String data) {
        if (over) {
            return;
        }
        if (response.writeQueueFull()) {
            dropped++;
            return;
        }
        tellDropped();
        response.write("event: " + name + "\ndata: " + data.replace('\n', ' ').replace('\r', ' ') + "\n\n");
    }

    private void tellDropped() {
        if (!over && dropped > 0) {
            response.write("event: dropped\ndata: {\"node\":null,\"records\":" + dropped + "}\n\n");
            dropped = 0;
        }
    }

    private void close() {
        if (over) {
            return;
        }
        over = true;
        vertx.cancelTimer(beat);
        vertx.cancelTimer(last);
        if (end != null) {
            end.run();
        }
    }
}
