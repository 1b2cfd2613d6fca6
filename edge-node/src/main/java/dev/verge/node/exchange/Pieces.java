package dev.verge.node.exchange;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** A stream that can give its content away as it was read from a connection, without a copy. */
public interface Pieces {

    /**
     * Sets who takes the pieces, in place of a handler.
     *
     * @param taker each piece belongs to it
     * @return whether it will be so; if not, nothing was changed
     */
    boolean pieces(Consumer<ByteBuf> taker);
}
