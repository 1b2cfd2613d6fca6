package dev.verge.node.server.http2;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Priority;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads, between codec and server library, what the library drops or refuses: trailers of requests; extended CONNECT, which goes on
 * as the GET that it stands for (RFC 8441 §5), with a note of its protocol; and how soon answers are wanted (RFC 9218).
 */
public final class Http2Notes extends Http2FrameListenerDecorator {
    private static final AttributeKey<Http2Notes> OF_CONNECTION = AttributeKey.valueOf("verge.http2");
    private static final String CONNECT = "CONNECT";
    private static final String PROTOCOL = ":protocol";

    /** RFC 9218 §2.1: the setting that says that the old scheme of priorities is not followed. */
    public static final char NO_RFC7540_PRIORITIES = 0x9;

    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private final @Nullable StreamTurns turns;
    private final @Nullable PriorityUpdates updates;
    private final @Nullable Long oldPriorities;
    private final Http2ConnectionEncoder encoder;
    private final @Nullable StreamsAhead ahead;

    private Http2Notes(
            Http2ConnectionHandler codec,
            Http2FrameListener library,
            @Nullable StreamsAhead ahead,
            @Nullable StreamTurns turns,
            int maxStreams,
            @Nullable Long oldPriorities) {
        super(library);
        this.connection = codec.connection();
        this.encoder = codec.encoder();
        this.ahead = ahead;
        this.key = connection.newKey();
        this.turns = turns;
        this.updates = turns == null ? null : new PriorityUpdates(connection, turns, maxStreams);
        this.oldPriorities = oldPriorities;
    }

    /**
     * Begins to take notes on a connection whose settings have been read, and to send by priority; without effect on others than HTTP/2.
     *
     * @param oldPriorities what the client's first settings say about the old scheme of priorities; null for nothing
     * @param maxStreams requests that the client may have at a time
     * @param waiting what waits for clients of the node, this one included from now on
     * @param writability told when a stream may be written to, or may no longer
     */
    public static void take(
            Channel channel,
            @Nullable Long oldPriorities,
            int maxStreams,
            WaitingBytes waiting,
            Http2RemoteFlowController.Listener writability) {
        ChannelHandlerContext ctx = channel.pipeline().context(Http2ConnectionHandler.class);
        if (ctx == null) {
            return;
        }
        Http2ConnectionHandler handler = (Http2ConnectionHandler) ctx.handler();
        StreamTurns turns;
        try {
            turns = PriorityFlow.install(handler, ctx, writability, waiting.share(() -> endForWaiting(channel)));
            checkPriorities(oldPriorities, oldPriorities);
        } catch (Http2Exception broken) {
            handler.onError(ctx, false, broken);
            return;
        }
        Http2ConnectionDecoder decoder = handler.decoder();
        Http2Guard guard = channel.pipeline().get(Http2Guard.class);
        StreamsAhead ahead = guard == null ? null : guard.ahead(channel).orElse(null);
        Http2Notes notes = new Http2Notes(handler, decoder.frameListener(), ahead, turns, maxStreams, oldPriorities);
        decoder.frameListener(notes);
        channel.attr(OF_CONNECTION).set(notes);
    }

    private static void endForWaiting(Channel channel) {
        channel.eventLoop().execute(() -> {
            Http2Guard guard = channel.pipeline().get(Http2Guard.class);
            if (guard != null) {
                guard.endForWaiting(channel.pipeline().context(guard));
            }
        });
    }

    /** A number that changes as long as a client takes what its stream, or those before it, bring. */
    public static long progress(Channel channel, long stream) {
        Http2Notes notes = channel.attr(OF_CONNECTION).get();
        Http2Stream found = notes == null ? null : notes.connection.stream((int) stream);
        return notes == null || notes.turns == null || found == null
                ? 0
                : notes.turns.of(found).progress();
    }

    /** RFC 9218 §2.1.1: it is 0 or 1, and stays what it was at first. */
    private static void checkPriorities(@Nullable Long value, @Nullable Long first) throws Http2Exception {
        if (value != null && (value > 1 || !value.equals(first == null ? Long.valueOf(0) : first))) {
            throw Http2Exception.connectionError(
                    Http2Error.PROTOCOL_ERROR, "SETTINGS_NO_RFC7540_PRIORITIES of " + value);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        checkPriorities(settings.get(NO_RFC7540_PRIORITIES), oldPriorities);
        super.onSettingsRead(ctx, settings);
    }

    @Override
    public void onUnknownFrame(ChannelHandlerContext ctx, byte type, int streamId, Http2Flags flags, ByteBuf payload)
            throws Http2Exception {
        if (type == PriorityUpdates.TYPE && updates != null) {
            updates.read(payload);
        } else {
            super.onUnknownFrame(ctx, type, streamId, flags, payload);
        }
    }

    /**
     * Sends an interim response (RFC 9113 §8.1); the library writes none but 100 and 103.
     *
     * @param status 1xx, not 101
     */
    public static void interim(Channel channel, long stream, int status, HttpFields fields) {
        ChannelHandlerContext ctx = channel.pipeline().context(Http2ConnectionHandler.class);
        if (ctx == null || ((Http2ConnectionHandler) ctx.handler()).connection().stream((int) stream) == null) {
            return;
        }
        Http2ConnectionHandler codec = (Http2ConnectionHandler) ctx.handler();
        Http2Headers headers = new DefaultHttp2Headers().status(Integer.toString(status));
        fields.forEach((name, value) -> headers.add(name.toLowerCase(Locale.ROOT), value));
        var _ = codec.encoder().writeHeaders(ctx, (int) stream, headers, 0, false, ctx.newPromise());
        codec.flush(ctx);
    }

    /** The answer to a request says itself how soon it is wanted. */
    public static void corrected(Channel channel, long stream, String priority) {
        Http2Notes notes = channel.attr(OF_CONNECTION).get();
        Http2Stream found = notes == null ? null : notes.connection.stream((int) stream);
        if (notes != null && notes.turns != null && found != null) {
            notes.turns.of(found).corrected(priority);
        }
    }

    /** A frame that came before the request counts more than the request's own field (RFC 9218 §7.1). */
    private void prioritise(Http2Stream stream, Http2Headers headers) {
        if (turns == null || updates == null) {
            return;
        }
        Priority early = updates.takeEarly(stream.id());
        List<CharSequence> lines = headers.getAll(Priority.FIELD);
        if (early != null) {
            turns.of(stream).asked(early);
        } else if (!lines.isEmpty()) {
            turns.of(stream).asked(Priority.DEFAULT.changedBy(String.join(", ", lines)));
        }
    }

    /** The notes on a request; null when there are none. To be asked for while the request is being read. */
    public static @Nullable StreamNotes of(Channel channel, long stream) {
        Http2Notes notes = channel.attr(OF_CONNECTION).get();
        Http2Stream found = notes == null ? null : notes.connection.stream((int) stream);
        return notes == null || found == null ? null : found.getProperty(notes.key);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean last)
            throws Http2Exception {
        if (!isNoted(streamId, headers) || !last || !answersAhead(ctx, streamId, headers)) {
            super.onHeadersRead(ctx, streamId, headers, padding, last);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean last)
            throws Http2Exception {
        if (!isNoted(streamId, headers) || !last || !answersAhead(ctx, streamId, headers)) {
            super.onHeadersRead(ctx, streamId, headers, streamDependency, weight, exclusive, padding, last);
        }
    }

    /** Small answers that are ready, while nothing waits that might want to go first, and nothing would have to wait. */
    private boolean answersAhead(ChannelHandlerContext ctx, int streamId, Http2Headers headers) throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        Http2RemoteFlowController windows = encoder.flowController();
        boolean answered = ahead != null
                && turns != null
                && stream != null
                && turns.pending() == 0
                && !connection.goAwaySent()
                && ctx.channel().isWritable()
                && windows.windowSize(stream) >= StreamsAhead.LARGEST_BYTES
                && windows.windowSize(connection.connectionStream()) >= StreamsAhead.LARGEST_BYTES
                && ahead.answers(ctx, encoder, streamId, headers);
        if (answered) {
            windows.writePendingBytes();
        }
        return answered;
    }

    /** Takes notes; whether it is a request like any other. */
    private boolean isNoted(int streamId, Http2Headers headers) throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        if (stream == null) {
            return false;
        }
        StreamNotes notes = stream.getProperty(key);
        if (notes != null) {
            notes.trailers(fields(headers));
            return false;
        }
        prioritise(stream, headers);
        CharSequence protocol = headers.get(PROTOCOL);
        if (protocol == null) {
            stream.setProperty(key, new StreamNotes(null));
            return true;
        }
        boolean whole = headers.scheme() != null && headers.path() != null && headers.authority() != null;
        if (!whole || !CONNECT.contentEquals(String.valueOf(headers.method())) || protocol.isEmpty()) {
            throw Http2Exception.streamError(
                    streamId, Http2Error.PROTOCOL_ERROR, ":protocol stands where it may not (RFC 8441 §4)");
        }
        headers.remove(PROTOCOL);
        headers.method("GET");
        stream.setProperty(key, new StreamNotes(protocol.toString()));
        return false;
    }

    private static HttpFields fields(Http2Headers received) {
        HttpFields.Builder fields = HttpFields.builder();
        received.forEach(field -> {
            if (!field.getKey().isEmpty() && field.getKey().charAt(0) != ':') {
                fields.add(field.getKey().toString(), field.getValue().toString());
            }
        });
        return fields.build();
    }
}
