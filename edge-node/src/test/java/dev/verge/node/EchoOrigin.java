package dev.verge.node;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** An origin on raw sockets whose answers are made from what it was sent, byte by byte. */
final class EchoOrigin implements AutoCloseable {
    private final RawOrigin origin;

    /** A request as it stood on the wire, without its content. */
    record Request(String head) {
        String method() {
            return head.substring(0, head.indexOf(' '));
        }

        /** As sent, with its query. */
        String target() {
            return head.split(" ", -1)[1];
        }

        String path() {
            String target = target();
            int question = target.indexOf('?');
            return question < 0 ? target : target.substring(0, question);
        }

        /** The first line of that name; empty for none. */
        String field(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            for (String line : head.split("\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    return line.substring(prefix.length()).strip();
                }
            }
            return "";
        }
    }

    record Reply(int status, List<String> lines, String body) {}

    EchoOrigin(Function<Request, Reply> answers) {
        this.origin = RawOrigin.answering(head -> {
            Request request = new Request(head);
            Reply reply = answers.apply(request);
            return "HTTP/1.1 " + reply.status() + " Any\r\n" + String.join("\r\n", reply.lines())
                    + "\r\nContent-Length: " + reply.body().length() + "\r\nConnection: close\r\n\r\n"
                    + (request.method().equals("HEAD") ? "" : reply.body());
        });
    }

    int port() {
        return origin.port();
    }

    /** The last request that came. */
    Request last() {
        return new Request(origin.heads.getLast());
    }

    int requests() {
        return origin.heads.size();
    }

    @Override
    public void close() {
        origin.close();
    }
}
