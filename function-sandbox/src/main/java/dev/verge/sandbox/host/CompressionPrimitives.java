package dev.verge.sandbox.host;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.graalvm.polyglot.Value;

/**
 * The host's functions for compression: states that scripts feed and pull. A state belongs to the call that opened it and ends with it at
 * the latest; what is left when a context ends is freed with it. Owner thread only.
 */
final class CompressionPrimitives {
    /** States that a context may have open at once; one takes some 300 KiB outside the heap at most. */
    static final int MAX_OPEN = 64;

    private record Open(int call, Codec codec) {}

    private final Map<Integer, Open> codecs = new HashMap<>();
    private int lastId;

    /** Adds them under the names the scripts of the web API know. */
    void addTo(Map<String, Object> host) {
        Bindings.add(host, "openCodec", this::open);
        Bindings.add(host, "feedCodec", this::feed);
        Bindings.add(host, "pullCodec", this::pull);
        Bindings.add(host, "closeCodec", this::close);
    }

    /** (call, format, whether it compresses) → its number, 0 when too many are open. */
    private Object open(Value... a) {
        if (codecs.size() >= MAX_OPEN) {
            return 0;
        }
        String format = a[1].asString();
        codecs.put(
                ++lastId, new Open(a[0].asInt(), a[2].asBoolean() ? new Compressor(format) : new Decompressor(format)));
        return lastId;
    }

    /** (number, buffer, offset, length) */
    private Object feed(Value... a) {
        Open open = codecs.get(a[0].asInt());
        if (open != null) {
            open.codec().feed(Bindings.bytes(a[1], a[2], a[3]));
        }
        return true;
    }

    /** (number, whether nothing follows) → bytes; true when there are none now; a text when the input is wrong. */
    private Object pull(Value... a) {
        Open open = codecs.get(a[0].asInt());
        if (open == null) {
            return "The stream is over";
        }
        return switch (open.codec().pull(a[1].asBoolean())) {
            case Codec.Bytes given -> given.content();
            case Codec.Wanting wanting -> true;
            case Codec.Wrong wrong -> wrong.reason();
        };
    }

    private Object close(Value... a) {
        Open open = codecs.remove(a[0].asInt());
        if (open != null) {
            open.codec().close();
        }
        return true;
    }

    /** Ends those of a call that is over. */
    void drop(int call) {
        for (Iterator<Open> all = codecs.values().iterator(); all.hasNext(); ) {
            Open open = all.next();
            if (open.call() == call) {
                all.remove();
                open.codec().close();
            }
        }
    }
}
