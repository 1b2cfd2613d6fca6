package dev.verge.sync.server;

import dev.verge.sync.crypto.SealingPair;
import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.trust.Introduction;
import dev.verge.sync.trust.NodeKey;
import dev.verge.sync.wire.Frame;
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
 * Streams the log to nodes over an HTTP server that its caller owns: {@code GET /sync} (WebSocket), on which node
 * and control plane show each other who they are; {@code GET /sync/blobs/SHA256} for nodes whose stream stands; and {@code POST
 * /sync/enrol}, where a node exchanges its token. A commit is pushed to all streams as soon as the source tells of it; it is read and
 * encoded once.
 *
 * <p>{@link #handle} must see the request before anything reads its body. The server needs WebSocket messages of up to {@link
 * Frame#MAX_BYTES} in frames of up to {@link Frame#MAX_FRAME_BYTES}: set {@code setMaxWebSocketMessageSize} and {@code
 * setMaxWebSocketFrameSize} accordingly.
 */
public final class SyncServer {

    /** Where the stream is. */
    public static final String STREAM_PATH = "/sync";

    /** Where the blobs are; the hash follows. */
    public static final String BLOB_PATH = "/sync/blobs/";

    private static final Logger LOG = LoggerFactory.getLogger(SyncServer.class);
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    /** Where a node exchanges its token. */
    public static final String ENROL_PATH = "/sync/enrol";

    private static final String BEARER = "Bearer ";
    private static final int READ_AHEAD = 256;

    private final LogSource source;
    private final NodeAuthenticator authenticator;
    private final Door door;
    private final Map<String, NodeIdentity> sessions = new ConcurrentHashMap<>();
    private final SyncServerOptions options;
    private final NodeRegistry registry;
    private final RecentCommits recent;
    private final Rounds rounds;
    private final Comparisons comparisons;
    private final Shared shared;
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
    private int ahead = READ_AHEAD;
    private boolean reading;

    /** Attaches to a source; streams are accepted at once. */
    public SyncServer(Vertx vertx, LogSource source, NodeAuthenticator authenticator, SyncServerOptions options) {
        this.vertx = vertx;
        this.source = source;
        this.authenticator = authenticator;
        this.door = new Door(vertx, source, authenticator);
        this.options = options;
        this.registry = new NodeRegistry(Clock.systemUTC(), streams::get);
        this.recent = new RecentCommits(options.recentCommits(), options.recentBytes());
        this.context = vertx.getOrCreateContext();
        this.rounds = new Rounds(vertx, this::readOn);
        this.comparisons = new Comparisons(vertx, source, recent, options.compare(), head::get, streams::size);
        this.shared = new Shared(vertx, source, recent, options, registry, head::get, comparisons);
        this.registration = source.onCommit(this::committed);
        source.head()
                .onSuccess(this::committed)
                .onFailure(e -> LOG.warn("sync: the head of the log could not be read", e));
    }

    /** Who is connected and what they answered. */
    public NodeRegistry nodes() {
        return registry;
    }

    /** What came of comparing the states of nodes with the log. */
    public Comparisons comparisons() {
        return comparisons;
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
        boolean enrol = path.equals(ENROL_PATH);
        if (!blob && !enrol && !path.equals(STREAM_PATH)) {
            refuse(request, 404);
            return;
        }
        HttpMethod method = request.method();
        boolean fits = enrol
                ? method.equals(HttpMethod.POST)
                : method.equals(HttpMethod.GET) || (blob && method.equals(HttpMethod.HEAD));
        if (!fits) {
            refuse(request, 405);
        } else if (enrol) {
            door.enrol(request);
        } else if (!blob) {
            openStream(request);
        } else if (known(request)) {
            sendBlob(vertx.getOrCreateContext(), request, path.substring(BLOB_PATH.length()));
        } else {
            refuse(request, 401);
        }
    }

    /** Blobs are for nodes whose stream stands. */
    private boolean known(HttpServerRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        return authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && sessions.containsKey(authorization.substring(BEARER.length()).trim());
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

    private void openStream(HttpServerRequest request) {
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
                    LOG.debug("sync: {} gave up while connecting", request.remoteAddress(), e);
                })
                .onSuccess(socket -> greet(new WebSocketPipe(socket)));
    }

    /** A node comes by another way than a request. On the pipe's context; false when there are too many, or this server is closed. */
    public boolean admit(Pipe pipe) {
        if (closed.get()) {
            return false;
        }
        if (open.incrementAndGet() > options.maxStreams()) {
            open.decrementAndGet();
            return false;
        }
        greet(pipe);
        return true;
    }

    private void greet(Pipe pipe) {
        pipe.onClose(open::decrementAndGet);
        door.greet(pipe, this::entered);
    }

    /** A node has shown who it is. On its socket's context. */
    private void entered(Door.Entered node, Context own) {
        NodeIdentity identity = node.node();
        String session = node.welcome().session();
        NodeStream stream = new NodeStream(
                shared,
                node.pipe(),
                identity,
                () -> kvWriter,
                () -> usageTaker,
                tails,
                change -> changeKeys(node, change));
        node.pipe().onClose(() -> {
            open.decrementAndGet();
            sessions.remove(session);
            stream.closed();
            if (streams.remove(identity.node(), stream)) {
                registry.disconnected(identity.node());
            }
        });
        sessions.put(session, identity);
        NodeStream before = streams.put(identity.node(), stream);
        if (before != null) {
            before.close("the node connected again");
        }
        if (closed.get()) {
            stream.close("the control plane stops");
            return;
        }
        stream.start();
        node.pipe().text(node.welcome().encode());
        node.pipe().welcomed();
        // It may have been shut out between the look at its key and the moment from which its stream can be cut.
        authenticator.find(identity.node(), identity.key().id()).onSuccess(still -> {
            if (still.isEmpty()) {
                stream.close("the node's key was revoked");
            }
        });
    }

    private Future<String> changeKeys(Door.Entered node, Frame.ChangeKeys change) {
        NodeKey next = new NodeKey(change.identity(), change.sealing());
        byte[] statement =
                Introduction.change(node.challenge(), node.node().node(), change.identity(), change.sealing());
        if (!SealingPair.isPublicKey(change.sealing())
                || !SigningPair.verify(change.identity(), statement, change.signature())) {
            return Future.failedFuture("the node does not hold the keys that it shows");
        }
        return authenticator.change(node.node(), next).map(next.id());
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
            context.runOnContext(v -> rounds.wanted());
        }
    }

    /** Reads what is new once, and lets the streams send it. A first read starts at the head: older commits are asked for. */
    private void readOn() {
        long target = head.get();
        long from = recent.last() == 0 ? Math.max(0, target - ahead) : recent.last();
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
                        rounds.failed();
                        return;
                    }
                    boolean more = switch (read.result()) {
                        case LogSource.Commits(var commits, var fleetKey) -> {
                            commits.forEach(commit -> recent.add(RecentCommits.Encoded.of(commit, fleetKey)));
                            yield !commits.isEmpty() && recent.last() < head.get();
                        }
                        case LogSource.Compacted compacted -> {
                            // The log goes back less far than that; its newest commit is always there.
                            boolean shorter = ahead > 1;
                            ahead = 1;
                            yield shorter;
                        }
                    };
                    if (more) {
                        readOn();
                        return;
                    }
                    pumpAll();
                    if (recent.last() < head.get()) {
                        rounds.failed();
                    }
                }));
    }

    private void watchAll() {
        streams.values().forEach(NodeStream::watch);
    }

    private void pumpAll() {
        rounds.done(streams.size());
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
        comparisons.close();
        ArrayList<Future<Void>> ends = new ArrayList<>();
        for (@Nullable NodeStream stream : streams.values()) {
            if (stream != null) {
                ends.add(stream.close("the control plane stops"));
            }
        }
        return Future.join(ends).<Void>mapEmpty().otherwiseEmpty();
    }
}
