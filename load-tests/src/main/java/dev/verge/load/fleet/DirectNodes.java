package dev.verge.load.fleet;

import dev.verge.sync.server.SyncServer;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Packed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;
import java.util.concurrent.atomic.LongAdder;

/** Nodes with a stream of their own each. */
final class DirectNodes implements NodeConnector {
    private static final int FETCHES = 256;

    /** Held on to: a client that nobody can reach any more is closed, and all its sockets with it. */
    private final WebSocketClient sockets;

    private final HttpClient blobs;
    private final URI controlPlane;
    private final LongAdder received = new LongAdder();

    DirectNodes(Vertx vertx, URI controlPlane, int nodes) {
        this.controlPlane = controlPlane;
        this.sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(nodes + 1)
                .setMaxFrameSize(1 << 20)
                .setMaxMessageSize(Frame.MAX_BYTES)
                .setTryUsePerMessageCompression(false));
        this.blobs = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(FETCHES));
    }

    /** Bytes of messages that came, as they came. */
    long received() {
        return received.sum();
    }

    @Override
    public Future<Void> connect(SimulatedNode node) {
        sockets.connect(controlPlane.getPort(), controlPlane.getHost(), SyncServer.STREAM_PATH)
                .onFailure(e -> node.cutOff(String.valueOf(e.getMessage())))
                .onSuccess(socket -> {
                    Stream stream = new Stream(socket);
                    socket.textMessageHandler(text -> {
                        received.add(text.length());
                        node.take(SimulatedNode.Decoded.of(text), stream);
                    });
                    socket.binaryMessageHandler(packed -> {
                        received.add(packed.length());
                        node.take(SimulatedNode.Decoded.of(Packed.unpack(packed.getBytes())), stream);
                    });
                    socket.closeHandler(v -> node.cutOff(String.valueOf(socket.closeReason())));
                });
        return node.ready();
    }

    private final class Stream implements SimulatedNode.Way {
        private final WebSocket socket;
        private String session = "";

        Stream(WebSocket socket) {
            this.socket = socket;
        }

        @Override
        public void send(Frame frame) {
            var _ = socket.writeTextMessage(frame.encode());
        }

        @Override
        public void welcomed(String by) {
            session = by;
        }

        @Override
        public Future<Void> blob(String sha256) {
            return blobs.request(new RequestOptions()
                            .setMethod(HttpMethod.GET)
                            .setHost(controlPlane.getHost())
                            .setPort(controlPlane.getPort())
                            .setURI(SyncServer.BLOB_PATH + sha256)
                            .putHeader("Authorization", "Bearer " + session))
                    .compose(request -> request.send())
                    .compose(response -> response.statusCode() == 200
                            ? response.end()
                            : Future.failedFuture("answered " + response.statusCode()));
        }
    }
}
