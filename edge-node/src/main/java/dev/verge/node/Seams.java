package dev.verge.node;

import java.time.Clock;

/**
 * What tests put in the place of what a node usually has.
 *
 * @param clock of requests and of what is stored
 * @param fastPath whether plain hits are answered the short way
 * @param nativeTransport whether epoll is used where there is one
 */
record Seams(Clock clock, boolean fastPath, boolean nativeTransport) {
    static final Seams NONE = new Seams(Clock.systemUTC(), true, true);
}
