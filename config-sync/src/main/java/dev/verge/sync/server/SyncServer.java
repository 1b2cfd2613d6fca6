package dev.verge.sync.server;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams the log to nodes over an HTTP server that its caller owns: {@code GET /sync} (WebSocket) and {@code GET
 * /sync/blobs/SHA256}, both with a node token. A commit is pushed to all streams as soon as the source tells of it; it is read and
 * encoded once.
 *
 * <p>{@link #handle} must see the request before anything reads its body. The server needs WebSocket messages of up to {@link
 * dev.verge.sync.wire.Frame#MAX_BYTES}: set {@code setMaxWebSocketMessageSize} accordingly.
 */
public final class SyncServer {

    /** Where the stream is. */
    public static final String STREAM_PATH = "/sync";

    /** Where the blobs are; the hash follows. */
    public static final String BLOB_PATH = "/sync/blobs/";

    private static final Logger LOG = LoggerFactory.getLogger(SyncServer.class);
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final String BEARER = "Bearer ";
    private static final int READ_AHEAD = 256;

    private final LogSource source;
    private final NodeAuthenticator authenticator;
    private final SyncServerOptions options;
    private final NodeRegistry registry;
    private final RecentCommits recent;
    private final Context context;
    private final Vertx vertx;
    private final Map<String, NodeStream> streams = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong head = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Registration registration;
    private final Tails tails = new Tails(this::watchAll);
    private volatile KvWriter kvWriter = KvWriter.NONE;
    private volatile UsageTaker usageTaker = UsageTaker.NONE;
    private boolean reading;

    /** Attaches to a source; streams are accepted at once. */
    public SyncServer(Vertx vertx, LogSource source, NodeAuthenticator authenticator, SyncServerOptions options) {
        this.vertx = vertx;
        this.source = source;
        this.authenticator = authenticator;
        this.options = options;
        this.registry = new NodeRegistry(Clock.systemUTC(), streams::get);
        this.recent = new RecentCommits(options.recentCommits(), options.recentBytes());
        this.context = vertx.getOrCreateContext();
        this.registration = source.onCommit(this::committed);
        source.head()
                .onSuccess(this::committed)
                .onFailure(e -> LOG.warn("sync: the head of the log could not be read", e));
    }

    /** Who is connected and what they answered. */
    public NodeRegistry nodes() {
        return registry;
    }

    /** Who takes the changes that functions make to namespaces; without one they are refused. */
    public void onKvWrite(KvWriter writer) {
        kvWriter = writer;
    }

    /** Who takes what nodes counted; without one they keep it. */
    public void onUsage(UsageTaker taker) {
        usageTaker = taker;
    }

    /** Who watches which function live. */
    public Tails tails() {
        return tails;
    }

    /** Takes a request to {@link #STREAM_PATH} or below; others get 404. */
    public void handle(HttpServerRequest request) {
        String path = request.path();
        if (path == null || closed.get()) {
            refuse(request, closed.get() ? 503 : 404);
            return;
        }
        boolean blob = path.startsWith(BLOB_PATH)
                && SHA256.matcher(path.substring(BLOB_PATH.length())).matches();
        if (!blob && !path.equals(STREAM_PATH)) {
            refuse(request, 404);
            return;
        }
        if (!request.method().equals(HttpMethod.GET)
                && !(blob && request.method().equals(HttpMethod.HEAD))) {
            refuse(request, 405);
            return;
        }
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            refuse(request, 401);
            return;
        }
        request.pause();
        // The source and the authenticator may answer on any thread; a request is used on its own.
        Context own = vertx.getOrCreateContext();
        authenticator
                .authenticate(authorization.substring(BEARER.length()).trim())
                .onFailure(e -> {
                    LOG.warn("sync: a node token could not be checked", e);
                    own.runOnContext(v -> refuse(request, 503));
                })
                .onSuccess(identity -> own.runOnContext(v -> {
                    if (identity.isEmpty()) {
                        refuse(request, 401);
                    } else if (blob) {
                        sendBlob(own, request, path.substring(BLOB_PATH.length()));
                    } else {
                        openStream(request, identity.get());
                    }
                }));
    }

    private static void refuse(HttpServerRequest request, int status) {
        HttpServerResponse response = request.response();
        if (response.ended()) {
            return;
        }
        request.resume();
        response.setStatusCode(status);
        if (status == 401) {
            response.putHeader("www-authenticate", "Bearer");
        }
        response.end();
    }

    private void openStream(HttpServerRequest request, NodeIdentity identity) {
        if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
            refuse(request, 426);
            return;
        }
        if (open.incrementAndGet() > options.maxStreams()) {
            open.decrementAndGet();
            refuse(request, 503);
            return;
        }
        request.toWebSocket()
                .onFailure(e -> {
                    open.decrementAndGet();
                    LOG.debug("sync: {} gave up while connecting", identity.node(), e);
                })
                .onSuccess(socket -> {
                    NodeStream stream = new NodeStream(
                            vertx,
                            socket,
                            identity,
                            source,
                            recent,
                            options,
                            registry,
                            head::get,
                            () -> kvWriter,
                            () -> usageTaker,
                            tails);
                    socket.closeHandler(v -> {
                        open.decrementAndGet();
                        stream.closed();
                        if (streams.remove(identity.node(), stream)) {
                            registry.disconnected(identity.node());
                        }
                    });
                    NodeStream before = streams.put(identity.node(), stream);
                    if (before != null) {
                        before.close("the node connected again");
                    }
                    if (closed.get()) {
                        stream.close("the control plane stops");
                    } else {
                        stream.start();
                    }
                });
    }

    private void sendBlob(Context own, HttpServerRequest request, String sha256) {
        HttpServerResponse response = request.response();
        request.resume();
        source.blob(sha256)
                .onFailure(e -> {
                    LOG.warn("sync: blob {} could not be read", sha256, e);
                    own.runOnContext(v -> refuse(request, 503));
                })
                .onSuccess(found -> own.runOnContext(v -> sendBlob(request, response, sha256, found)));
    }

    private static void sendBlob(
            HttpServerRequest request, HttpServerResponse response, String sha256, Optional<LogSource.BlobBody> found) {
        if (found.isEmpty()) {
            refuse(request, 404);
            return;
        }
        LogSource.BlobBody blob = found.get();
        if (response.closed() || response.ended()) {
            blob.close().run();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(blob.length()));
        response.putHeader(HttpHeaders.ETAG, "\"" + sha256 + "\"");
        if (request.method().equals(HttpMethod.HEAD)) {
            blob.close().run();
            response.end();
            return;
        }
        blob.stream().pipeTo(response).onComplete(done -> {
            blob.close().run();
            if (done.failed()) {
                request.connection().close();
            }
        });
    }

    /** From any thread. */
    private void committed(long newHead) {
        if (head.accumulateAndGet(newHead, Math::max) == newHead) {
            context.runOnContext(v -> readOn());
        }
    }

    /** Reads what is new once, and lets the streams send it. A first read starts at the head: older commits are asked for. */
    private void readOn() {
        long target = head.get();
        long from = recent.last() == 0 ? Math.max(0, target - READ_AHEAD) : recent.last();
        if (reading || closed.get() || from >= target) {
            pumpAll();
            return;
        }
        reading = true;
        source.readSince(from, READ_AHEAD)
                .onComplete(read -> context.runOnContext(v -> {
                    reading = false;
                    if (read.failed()) {
                        LOG.warn("sync: the log could not be read after {}", from, read.cause());
                        pumpAll();
                        return;
                    }
                    boolean more = switch (read.result()) {
                        case LogSource.Commits(var commits) -> {
                            commits.forEach(commit -> recent.add(RecentCommits.Encoded.of(commit)));
                            yield !commits.isEmpty() && recent.last() < head.get();
                        }
                        case LogSource.Compacted compacted -> false;
                    };
                    pumpAll();
                    if (more) {
                        readOn();
                    }
                }));
    }

    private void watchAll() {
        streams.values().forEach(NodeStream::watch);
    }

    private void pumpAll() {
        streams.values().forEach(NodeStream::wake);
    }

    /** Whether a node's stream ends here. */
    public boolean connected(String node) {
        return streams.containsKey(node);
    }

    /** Ends the stream of a node, for example because its token was revoked; without a valid one it cannot come back. */
    public void disconnect(String node, String reason) {
        NodeStream stream = streams.get(node);
        if (stream != null) {
            stream.close(reason);
        }
    }

    /** Ends all streams; nodes try again elsewhere or later. */
    public Future<Void> close() {
        if (!closed.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        registration.close();
        ArrayList<Future<Void>> ends = new ArrayList<>();
        for (@Nullable NodeStream stream : streams.values()) {
            if (stream != null) {
                ends.add(stream.close("the control plane stops"));
            }
        }
        return Future.join(ends).<Void>mapEmpty().otherwiseEmpty();
    }
}
