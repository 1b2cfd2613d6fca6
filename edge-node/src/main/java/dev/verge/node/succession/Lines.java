package dev.verge.node.succession;

import java.nio.file.Path;
import java.time.Duration;

/** What the two processes say, a line each way. */
final class Lines {
    /** Raised when the lines change their meaning: then the two do not understand each other, and say so. */
    static final String PROTOCOL = "verge-succession-1";

    /** {@code socket NAME ADDRESS} is answered by a descriptor or the end of the connection. */
    static final String SOCKET = "socket";

    static final String LEAVE_FOLDER = "leave-folder";
    static final String SERVING = "serving";
    static final String DONE = "done";
    static final String NO = "no ";
    static final int LONGEST = 512;

    /** Closing a cache's database is the longest of it. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The kernel's bound on the path of a socket, its terminator counted. */
    private static final int LONGEST_PATH = 108;

    private Lines() {}

    static boolean fits(Path socket) {
        return socket.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length < LONGEST_PATH;
    }
}
