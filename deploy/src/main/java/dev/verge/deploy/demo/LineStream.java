package dev.verge.deploy.demo;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;

/** Writes numbered lines at a steady pace until all are out or the client is gone; a slow reader skips beats, not memory. */
final class LineStream {
    private final Vertx vertx;
    private final HttpServerResponse response;
    private final boolean events;
    private final int lines;
    private final int millisBetween;
    private int written;

    LineStream(Vertx vertx, HttpServerResponse response, boolean events, int lines, int millisBetween) {
        this.vertx = vertx;
        this.response = response;
        this.events = events;
        this.lines = lines;
        this.millisBetween = millisBetween;
    }

    void start() {
        long timer = vertx.setPeriodic(0, millisBetween, this::beat);
        response.closeHandler(gone -> vertx.cancelTimer(timer));
    }

    private void beat(long timer) {
        if (response.ended() || response.closed()) {
            vertx.cancelTimer(timer);
            return;
        }
        if (response.writeQueueFull()) {
            return;
        }
        written++;
        String line = written + " of " + lines;
        response.write(events ? "id: " + written + "\ndata: " + line + "\n\n" : line + "\n");
        if (written == lines) {
            vertx.cancelTimer(timer);
            response.end();
        }
    }
}
