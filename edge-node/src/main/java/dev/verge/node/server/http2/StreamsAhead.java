package dev.verge.node.server.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Headers;

/** Answers requests of one connection as soon as their heads are there, in front of the server library. */
public interface StreamsAhead {
    /** Bytes of content that an answer has at most. */
    int LARGEST_BYTES = 16 << 10;

    /**
     * Answers a request without content to its end, if it can be done at once.
     *
     * @param encoder takes the answer; nothing that it has taken before waits for a window, and the windows have room for this one
     * @return whether it was answered; if not, nothing was done
     */
    boolean answers(ChannelHandlerContext ctx, Http2ConnectionEncoder encoder, int stream, Http2Headers request);
}
