package dev.verge.node.pipeline;

import dev.verge.cache.store.BodyReader;
import dev.verge.cache.store.Fill;
import dev.verge.node.exchange.Body;
import io.netty.buffer.ByteBuf;

/** Puts a stored part and the rest of its representation together in one fill, in order, at the pace of the cache. */
final class RestDriver {
    private final Loop loop;
    private final BodyReader held;
    private final Body rest;
    private final Fill fill;

    RestDriver(Loop loop, BodyReader held, Body rest, Fill fill) {
        this.loop = loop;
        this.held = held;
        this.rest = rest;
        this.fill = fill;
    }

    /** @param heldFirst whether the stored part is the beginning */
    void start(boolean heldFirst) {
        if (heldFirst) {
            copy(() -> new FillDriver(loop, rest, fill).start());
        } else {
            new FillDriver(loop, rest, fill, () -> copy(fill::complete)).start();
        }
        fill.onEnd(held::close);
    }

    private void copy(Runnable then) {
        loop.bring(held.next()).onComplete(piece -> write(piece, then), broken -> giveUp());
    }

    private void write(ByteBuf piece, Runnable then) {
        if (!piece.isReadable()) {
            piece.release();
            held.close();
            then.run();
            return;
        }
        loop.bring(fill.write(piece)).onComplete(ready -> copyOn(then));
    }

    /** By the loop's queue: pieces that are all there must not grow the stack. */
    private void copyOn(Runnable then) {
        loop.context().runOnContext(ignored -> copy(then));
    }

    private void giveUp() {
        fill.abort();
        rest.discard();
    }
}
