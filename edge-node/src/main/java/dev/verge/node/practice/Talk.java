package dev.verge.node.practice;

import java.io.IOException;

/** One connection on which one request follows the answer to another. Blocks. */
interface Talk {
    /**
     * Asks, and reads the answer to its end.
     *
     * @return its status; 0 when a stream was reset
     */
    int ask(Visit visit, long number) throws IOException;
}
