package dev.verge.node.wire;

import dev.verge.cache.http.HttpFields;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** What stands around content in chunks (RFC 9112 §7.1). */
public final class Chunks {
    /** Bytes that {@link #begin} writes at most. */
    public static final int BEGIN_BYTES = 10;

    private Chunks() {}

    /** Appends what stands before a piece of content; it is not empty. */
    public static void begin(ByteBuf into, int length) {
        into.writeCharSequence(Integer.toHexString(length), StandardCharsets.US_ASCII);
        end(into);
    }

    /** Appends what stands behind a piece of content. */
    public static void end(ByteBuf into) {
        into.writeByte('\r').writeByte('\n');
    }

    /** Appends the end of the content. */
    public static void last(ByteBuf into, HttpFields trailers) {
        HeadWriter last = HeadWriter.begin();
        last.octet('0');
        last.lineEnd();
        for (int i = 0; i < trailers.size(); i++) {
            last.field(trailers.name(i), trailers.value(i));
        }
        last.lineEnd();
        last.into(into);
    }
}
