package dev.verge.sync.server;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The direct way: a WebSocket. */
final class WebSocketPipe implements Pipe {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketPipe.class);

    private final ServerWebSocket socket;

    WebSocketPipe(ServerWebSocket socket) {
        this.socket = socket;
        socket.exceptionHandler(e -> LOG.debug("sync: the stream of {} broke", socket.remoteAddress(), e));
    }

    @Override
    public void onText(Consumer<String> handler) {
        socket.textMessageHandler(handler::accept);
    }

    @Override
    public void onDrain(Runnable handler) {
        socket.drainHandler(v -> handler.run());
    }

    @Override
    public void onClose(Runnable handler) {
        socket.closeHandler(v -> handler.run());
    }

    @Override
    public boolean full() {
        return socket.writeQueueFull();
    }

    @Override
    public boolean closed() {
        return socket.isClosed();
    }

    @Override
    public Future<Void> text(String message) {
        return socket.writeTextMessage(message);
    }

    @Override
    public Future<Void> packed(byte[] message) {
        return socket.writeBinaryMessage(Buffer.buffer(message));
    }

    @Override
    public Future<Void> close(short code, String reason) {
        return socket.close(code, reason);
    }

    @Override
    public String peer() {
        return String.valueOf(socket.remoteAddress());
    }
}
