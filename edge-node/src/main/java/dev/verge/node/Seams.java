package dev.verge.node;

import io.vertx.core.Future;
import java.time.Clock;

/**
 * What tests and local sessions put in the place of what a node usually has.
 *
 * @param clock of requests and of what is stored
 * @param fastPath whether plain hits are answered the short way
 * @param nativeTransport whether epoll is used where there is one
 * @param practice whether nobody is told of what the node does, see {@link Practice}
 * @param opening until it completes, connections wait in the kernel's queue
 */
record Seams(Clock clock, boolean fastPath, boolean nativeTransport, boolean practice, Future<Void> opening) {
    static final Seams NONE = new Seams(Clock.systemUTC(), true, true);
    static final Seams PRACTICE = new Seams(Clock.systemUTC(), true, true, true, Future.succeededFuture());

    Seams(Clock clock, boolean fastPath, boolean nativeTransport) {
        this(clock, fastPath, nativeTransport, false, Future.succeededFuture());
    }
}
