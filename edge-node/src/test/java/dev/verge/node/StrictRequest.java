package dev.verge.node;

import java.util.ArrayList;
import java.util.List;

/**
 * One request as bytes, and what must come of it.
 *
 * @param sent Latin-1: one character is one byte
 * @param status of the answer
 * @param closes whether the connection must be closed after it, with nothing sent to an origin
 * @param seen what the origin must have got; what begins with {@code !} it must not
 */
public record StrictRequest(String name, String sent, int status, boolean closes, List<String> seen) {
    static final String HOST = "Host: a.example\r\n";

    @Override
    public String toString() {
        return name;
    }

    /** A list under construction. */
    static final class Cases {
        private final List<StrictRequest> list = new ArrayList<>();

        void refused(int status, String name, String sent) {
            list.add(new StrictRequest(name, sent, status, true, List.of()));
        }

        /** A bad line among the fields of a GET. */
        void refusedField(String name, String line) {
            refused(400, name, "GET / HTTP/1.1\r\n" + HOST + line + "\r\n\r\n");
        }

        /** Bad fields of a POST with five bytes of content. */
        void refusedFraming(int status, String name, String lines) {
            refused(status, name, "POST / HTTP/1.1\r\n" + HOST + lines + "\r\n\r\nhello");
        }

        /** A bad chunked body. */
        void refusedChunks(int status, String name, String content) {
            refused(status, name, "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + content);
        }

        void passes(String name, String sent, String... seen) {
            list.add(new StrictRequest(name, sent, 200, false, List.of(seen)));
        }

        void passesChunks(String name, String content, String... seen) {
            passes(name, "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + content, seen);
        }

        /** The node answers by itself, and nothing reaches an origin. */
        void answered(int status, String name, String sent) {
            list.add(new StrictRequest(name, sent, status, false, List.of()));
        }

        List<StrictRequest> all() {
            return List.copyOf(list);
        }
    }
}
