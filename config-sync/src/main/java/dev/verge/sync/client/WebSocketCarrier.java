package dev.verge.sync.client;

import dev.verge.sync.crypto.SealingPair;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Packed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The direct way: a WebSocket to a control plane, on which everything comes. */
final class WebSocketCarrier implements Carrier {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketCarrier.class);

    private final SyncClientOptions options;
    private final WebSocketClient client;

    WebSocketCarrier(Vertx vertx, SyncClientOptions options) {
        this.options = options;
        WebSocketClientOptions sockets = new WebSocketClientOptions();
        if (options.fingerprint() != null) {
            sockets.setTrustOptions(TrustOptions.wrap(new PinnedTrust(options.fingerprint())));
        }
        this.client = vertx.createWebSocketClient(sockets.setMaxFrameSize(Frame.MAX_FRAME_BYTES)
                .setMaxMessageSize(Frame.MAX_BYTES)
                .setTryUsePerMessageCompression(false)
                .setConnectTimeout((int) options.connectTimeout().toMillis()));
    }

    @Override
    public List<URI> places() {
        return options.controlPlanes();
    }

    @Override
    public Line line(URI place, Heard heard) {
        return new Socket(place, heard);
    }

    @Override
    public @Nullable Bulk bulk() {
        return null;
    }

    @Override
    public void close() {
        client.close();
    }

    private final class Socket implements Line {
        private final URI base;
        private final ClientWebSocket socket = client.webSocket();

        Socket(URI base, Heard heard) {
            this.base = base;
            socket.textMessageHandler(text -> heard.message(() -> text));
            socket.binaryMessageHandler(packed -> heard.message(() -> Packed.unpack(packed.getBytes())));
            socket.closeHandler(v -> heard.ended());
            socket.exceptionHandler(e -> LOG.debug("sync: the stream from {} broke", base, e));
        }

        @Override
        public Future<Void> open() {
            boolean secure = "https".equals(base.getScheme());
            return socket.connect(new WebSocketConnectOptions()
                            .setHost(base.getHost())
                            .setPort(base.getPort() > 0 ? base.getPort() : secure ? 443 : 80)
                            .setSsl(secure)
                            .setURI("/sync")
                            .setTimeout(options.connectTimeout().toMillis()))
                    .mapEmpty();
        }

        @Override
        public boolean closed() {
            return socket.isClosed();
        }

        @Override
        public void send(String message) {
            socket.writeTextMessage(message);
        }

        @Override
        public void welcomed(String session, SealingPair own) {}

        @Override
        public void close() {
            socket.close();
        }
    }
}
