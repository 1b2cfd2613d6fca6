package dev.verge.node.server.http2;

import dev.verge.cache.http.HttpFields;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Reads, between codec and server library, what the library drops or refuses: trailers of requests, and extended CONNECT, which goes on
 * as the GET that it stands for (RFC 8441 §5), with a note of its protocol.
 */
public final class Http2Notes extends Http2FrameListenerDecorator {
    private static final AttributeKey<Http2Notes> OF_CONNECTION = AttributeKey.valueOf("verge.http2");
    private static final String CONNECT = "CONNECT";
    private static final String PROTOCOL = ":protocol";

    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;

    private Http2Notes(Http2Connection connection, Http2FrameListener library) {
        super(library);
        this.connection = connection;
        this.key = connection.newKey();
    }

    /** Begins to take notes on a connection whose settings have been read; without effect on others than HTTP/2. */
    public static void take(Channel channel) {
        Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
        if (handler != null) {
            Http2ConnectionDecoder decoder = handler.decoder();
            Http2Notes notes = new Http2Notes(handler.connection(), decoder.frameListener());
            decoder.frameListener(notes);
            channel.attr(OF_CONNECTION).set(notes);
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
        note(streamId, headers);
        super.onHeadersRead(ctx, streamId, headers, padding, last);
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
        note(streamId, headers);
        super.onHeadersRead(ctx, streamId, headers, streamDependency, weight, exclusive, padding, last);
    }

    private void note(int streamId, Http2Headers headers) throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        if (stream == null) {
            return;
        }
        StreamNotes notes = stream.getProperty(key);
        if (notes != null) {
            notes.trailers(fields(headers));
            return;
        }
        CharSequence protocol = headers.get(PROTOCOL);
        if (protocol == null) {
            stream.setProperty(key, new StreamNotes(null));
            return;
        }
        boolean whole = headers.scheme() != null && headers.path() != null && headers.authority() != null;
        if (!whole || !CONNECT.contentEquals(String.valueOf(headers.method())) || protocol.isEmpty()) {
            throw Http2Exception.streamError(
                    streamId, Http2Error.PROTOCOL_ERROR, ":protocol stands where it may not (RFC 8441 §4)");
        }
        headers.remove(PROTOCOL);
        headers.method("GET");
        stream.setProperty(key, new StreamNotes(protocol.toString()));
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
