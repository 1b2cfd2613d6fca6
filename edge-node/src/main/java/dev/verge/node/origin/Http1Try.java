package dev.verge.node.origin;

import dev.verge.balancer.TryFailure;
import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ContentTooLarge;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.exchange.FieldRules;
import dev.verge.node.exchange.LongStream;
import dev.verge.node.exchange.Trailed;
import dev.verge.node.origin.http1.Http1Origin;
import dev.verge.node.origin.http1.RequestBytes;
import dev.verge.node.server.watch.Deadline;
import dev.verge.node.tunnel.TunnelEnd;
import dev.verge.node.wire.Chunks;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One request over one connection to an HTTP/1 origin: sends it, waits for the head within its time, hands the answer on. An answer that
 * has come whole with its head is handed on as such, any other as a stream.
 */
final class Http1Try implements Http1Origin.Exchange, OriginClient.Sending {
    /** An origin that hints without end wastes its client's time; the rest is dropped. */
    private static final int MAX_INTERIM = 16;

    private static final EdgeError OTHER_LENGTH = new EdgeError.Malformed("its content is not as long as it says");

    private final OriginConnection connection;
    private final Http1Origin origin;
    private final OriginCall call;
    private final Promise<TryEnd> end;
    private final boolean kept;
    private final long deadlineNanos;
    private final Deadline headTime;
    private final Http1Answer answer;
    private final Vertx vertx;
    private OriginFailure late = OriginFailure.TOTAL_TIMEOUT;
    private @Nullable Upgrade upgrade;
    private boolean requestEnded;
    private boolean bodyTaken;
    private boolean givenBack;
    private int interim;
    private final Queue<Runnable> hints = new ArrayDeque<>(0);
    private long owed = RequestBytes.NO_CONTENT;

    /**
     * A request that has not been sent.
     *
     * @param left what is left of the time for the head
     * @param end told how the head came, or that it did not
     */
    Http1Try(
            Vertx vertx,
            OriginConnection connection,
            Http1Origin origin,
            OriginCall call,
            Duration left,
            Promise<TryEnd> end) {
        this.connection = connection;
        this.origin = origin;
        this.call = call;
        this.end = end;
        this.kept = connection.isKept();
        this.deadlineNanos = System.nanoTime() + left.toNanos();
        this.headTime = new Deadline(origin.loop(), () -> origin.within(this::timedOut));
        this.vertx = vertx;
        this.answer = new Http1Answer(vertx, origin, this::answerOver);
    }

    @Override
    public void run() {
        headTime.in(deadlineNanos - System.nanoTime());
        String protocols = call.upgrade();
        origin.begin(this, call.method(), protocols != null);
        if (protocols != null) {
            Upgrade asked = Upgrade.to(protocols, call.fields());
            upgrade = asked;
            send(asked.request(), RequestBytes.NO_CONTENT, Buffer.buffer());
            return;
        }
        HttpFields fields = call.fields().without("te"); // of one hop, and not made anew
        switch (call.body()) {
            case Body.Whole whole -> {
                boolean stated = whole.length() > 0 || mayHaveContent(call.method());
                send(fields, stated ? whole.length() : RequestBytes.NO_CONTENT, whole.bytes());
            }
            case Body.Streamed streamed -> sendStream(fields, streamed);
            case Body.Pulled pulled -> sendStream(fields, pulled.streamed());
        }
    }

    private static boolean mayHaveContent(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    private ByteBuf head(HttpFields fields, long length, int more) {
        ByteBuf bytes = origin.buffer(512 + more);
        RequestBytes.head(bytes, call.method(), call.target(), fields, length);
        return bytes;
    }

    private void send(HttpFields fields, long length, Buffer content) {
        ByteBuf bytes = head(fields, length, content.length());
        bytes.writeBytes(((BufferInternal) content).getByteBuf());
        origin.send(bytes);
        origin.whenSent(this::requestEnded);
    }

    private void sendStream(HttpFields fields, Body.Streamed body) {
        bodyTaken = true;
        owed = body.length();
        origin.write(head(fields, owed, 0));
        ReadStream<Buffer> stream = body.stream();
        stream.exceptionHandler(broken -> cutShort(body, ContentTooLarge.meaning(broken)));
        stream.handler(chunk -> {
            if (givenBack || chunk.length() == 0) {
                return;
            }
            if (owed >= 0 && (owed -= chunk.length()) < 0) {
                cutShort(body, OTHER_LENGTH);
                return;
            }
            sendPiece(chunk);
            if (origin.isFull()) {
                stream.pause();
            }
        });
        stream.endHandler(ended -> {
            if (givenBack) {
                return;
            }
            if (owed > 0) {
                cutShort(body, OTHER_LENGTH);
                return;
            }
            sendEnd(stream, body.length() < 0);
            origin.whenSent(this::requestEnded);
        });
        stream.resume();
    }

    private void sendPiece(Buffer chunk) {
        ByteBuf bytes = ((BufferInternal) chunk).getByteBuf();
        if (call.body().length() >= 0) {
            origin.send(bytes);
            return;
        }
        ByteBuf before = origin.buffer(16);
        Chunks.begin(before, bytes.readableBytes());
        origin.write(before);
        origin.write(bytes);
        origin.send(origin.buffer(2).writeByte('\r').writeByte('\n'));
    }

    private void sendEnd(ReadStream<Buffer> stream, boolean chunked) {
        ByteBuf last = origin.buffer(64);
        if (chunked) {
            Chunks.last(last, stream instanceof Trailed trailed ? trailed.trailers() : HttpFields.EMPTY);
        }
        origin.send(last); // also when it is nothing: the head may still be waiting
    }

    /** A request cut short by its sender never looks complete to the origin. */
    private void cutShort(Body.Streamed body, EdgeError why) {
        headTime.lift();
        if (!end.tryComplete(new TryEnd.SenderFailed(why))) {
            answer.fail(new ClosedChannelException()); // who reads an answer that came early hears of it, too
        }
        body.cancel().run();
        abandon();
    }

    /** The whole request is with the origin: from now on its head has {@code firstByte}. */
    private void requestEnded() {
        requestEnded = true;
        long firstByte = call.timeouts().firstByte().toNanos();
        if (!end.future().isComplete() && firstByte < deadlineNanos - System.nanoTime()) {
            late = OriginFailure.FIRST_BYTE_TIMEOUT;
            headTime.in(firstByte);
        }
        giveBackIfDone();
    }

    private void giveBackIfDone() {
        if (requestEnded && answer.isOver()) {
            giveBack(true);
        }
    }

    private void giveBack(boolean clean) {
        if (!givenBack) {
            givenBack = true;
            origin.leave(this);
            connection.giveBack(clean && origin.isReusable());
        }
    }

    /** Ends the request in the middle. */
    private void abandon() {
        answer.drop();
        giveBack(false);
    }

    @Override
    public void cancel() {
        headTime.lift();
        giveUpRequestBody();
        abandon();
    }

    private void giveUpRequestBody() {
        if (bodyTaken) {
            call.body().discard();
        }
    }

    private void timedOut() {
        if (end.tryComplete(new TryEnd.Failed(TryFailure.TIMEOUT, late, true, bodyTaken, false))) {
            giveUpRequestBody();
            abandon();
        }
    }

    /** Passed on with {@link #read}, when nothing is wrong with what has come at once. */
    @Override
    public void interim(int status, HttpFields fields) {
        if (interim++ < MAX_INTERIM) {
            hints.add(() ->
                    call.interim().interim(status, FieldRules.endToEnd(fields).without("content-length")));
        }
    }

    @Override
    public void head(int status, HttpFields fields) {
        headTime.lift();
        answer.head(status, fields);
    }

    @Override
    public void content(ByteBuf piece) {
        answer.content(piece);
    }

    @Override
    public void end(HttpFields trailers) {
        answer.end(trailers);
    }

    /** What is there of the answer goes on; the connection first, where it is free, so that the next request finds it. */
    @Override
    public void read() {
        // RFC 9110 §15.2: a proxy passes interim responses on.
        for (Runnable hint = hints.poll(); hint != null; hint = hints.poll()) {
            hint.run();
        }
        if (!answer.hasHead()) {
            return;
        }
        if (end.future().isComplete()) {
            answer.deliver();
            return;
        }
        HttpFields fields = FieldRules.endToEnd(answer.fields());
        int status = answer.status();
        Body body = answer.whole();
        if (body == null) {
            Duration silence = LongStream.is(fields.first("content-type"))
                    ? call.timeouts().idleStream()
                    : call.timeouts().betweenBytes();
            answer.allow(silence);
            body = new Body.Streamed(answer, answer.length(), answer::giveUp);
        }
        if (!end.tryComplete(new TryEnd.Answered(status, fields, body))) {
            body.discard();
        }
        answer.deliver();
    }

    private void answerOver(boolean clean) {
        if (clean && (requestEnded || origin.isReusable())) {
            giveBackIfDone();
        } else {
            stopSending();
        }
    }

    /** RFC 9112 §9.5: there is no use in the rest of the request. */
    private void stopSending() {
        if (!requestEnded) {
            giveUpRequestBody();
        }
        giveBack(false);
    }

    @Override
    public void drained() {
        if (call.body() instanceof Body.Streamed streamed && bodyTaken && !requestEnded && !givenBack) {
            streamed.stream().resume();
        }
    }

    /** RFC 9110 §7.8: a tunnel begins. */
    @Override
    public void switched(HttpFields head, TunnelEnd origin) {
        headTime.lift();
        Upgrade asked = upgrade;
        String protocol = asked == null ? null : asked.agreed(head);
        if (protocol == null || !(call.body() instanceof Body.Streamed client)) {
            origin.close();
            fail(new TryEnd.Failed(TryFailure.BAD_RESPONSE, OriginFailure.UPGRADE, true, false, false));
            return;
        }
        OriginTunnel tunnel =
                new OriginTunnel(vertx, origin, client, call.timeouts().idleStream());
        tunnel.over().onComplete(over -> giveBack(false));
        Body.Streamed body = new Body.Streamed(tunnel, -1, tunnel::cancel);
        HttpFields passed =
                FieldRules.endToEnd(head).toBuilder().add("upgrade", protocol).build();
        tunnel.start();
        if (!end.tryComplete(new TryEnd.Switched(passed, body, tunnel.over()))) {
            tunnel.cancel();
        }
    }

    @Override
    public void broken(Throwable cause) {
        headTime.lift();
        if (answer.isComplete()) {
            stopSending(); // what is there is still read
        } else if (end.future().isComplete()) {
            answer.fail(cause);
        } else if (cause instanceof IOException) {
            boolean silent = !origin.hasStarted();
            fail(new TryEnd.Failed(TryFailure.RESET, OriginFailure.RESET, true, bodyTaken, kept && silent));
        } else {
            fail(new TryEnd.Failed(TryFailure.BAD_RESPONSE, OriginFailure.BAD_ANSWER, true, bodyTaken, false));
        }
    }

    private void fail(TryEnd.Failed failure) {
        if (end.tryComplete(failure)) {
            giveUpRequestBody();
            abandon();
        }
    }
}
