package dev.verge.sync.server;

import dev.verge.sync.wire.Packed;
import io.vertx.core.Future;

/** A message as it goes out, packed if that is worth it; sent to any number of nodes. */
final class Message {
    private final String text;
    private final byte[] packed;

    private Message(String text, byte[] packed) {
        this.text = text;
        this.packed = packed;
    }

    static Message of(String text) {
        return Packed.worth(text) ? new Message("", Packed.pack(text)) : new Message(text, new byte[0]);
    }

    /** Bytes that it takes. */
    int bytes() {
        return text.isEmpty() ? packed.length : text.length();
    }

    Future<Void> send(Pipe pipe) {
        return text.isEmpty() ? pipe.packed(packed) : pipe.text(text);
    }
}
