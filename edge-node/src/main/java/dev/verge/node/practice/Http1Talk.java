package dev.verge.node.practice;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Asks over HTTP/1.1. */
final class Http1Talk implements Talk {
    private static final String LENGTH = "content-length:";
    private static final String CHUNKED = "transfer-encoding: chunked";

    private final String authority;
    private final OutputStream out;
    private final Source in;

    Http1Talk(Socket socket, String authority) throws IOException {
        this.authority = authority;
        this.out = socket.getOutputStream();
        this.in = new Source(socket.getInputStream());
    }

    @Override
    public int ask(Visit visit, long number) throws IOException {
        StringBuilder request = new StringBuilder(256)
                .append(visit.method())
                .append(' ')
                .append(visit.target(number))
                .append(" HTTP/1.1\r\nhost: ")
                .append(authority)
                .append("\r\n");
        for (int i = 0; i < visit.fields().size(); i += 2) {
            request.append(visit.fields().get(i))
                    .append(": ")
                    .append(visit.fields().get(i + 1))
                    .append("\r\n");
        }
        if (!visit.content().isEmpty()) {
            request.append(LENGTH).append(' ').append(visit.content().length()).append("\r\n");
        }
        request.append("\r\n").append(visit.content());
        out.write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
        return answer(visit.isHead());
    }

    private int answer(boolean head) throws IOException {
        int status = Integer.parseInt(in.line().substring(9, 12));
        long length = 0;
        boolean chunked = false;
        for (String field = in.line(); !field.isEmpty(); field = in.line()) {
            String name = field.toLowerCase(Locale.ROOT);
            if (name.startsWith(LENGTH)) {
                length = Long.parseLong(name.substring(LENGTH.length()).strip());
            }
            chunked |= name.startsWith(CHUNKED);
        }
        if (head || status == 304 || status == 204) {
            return status;
        }
        if (chunked) {
            int size;
            do {
                size = Integer.parseInt(in.line(), 16);
                in.skip(size + 2L);
            } while (size > 0);
        } else {
            in.skip(length);
        }
        return status;
    }
}
