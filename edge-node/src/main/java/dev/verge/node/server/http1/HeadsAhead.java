package dev.verge.node.server.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;

/** Stands right behind the decoder, and may answer requests before anybody else sees them. */
public interface HeadsAhead extends ChannelHandler {
    /**
     * Whether the bytes are the head of a request that is known by its bytes, and this answers it. Called with all that has been
     * read, where a request begins and nobody waits for an answer; neither read from nor released.
     */
    boolean answersKnown(ByteBuf bytes);

    /** Whether it answers a request: until {@link Http1Guard#goOn} nothing behind that request may be read. */
    boolean isBusy();
}
