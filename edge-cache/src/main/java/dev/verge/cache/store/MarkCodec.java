package dev.verge.cache.store;

import dev.verge.cache.store.PurgeMarks.Kept;
import dev.verge.cache.store.PurgeMarks.Numbers;
import dev.verge.cache.store.PurgeMarks.Target;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Purge marks as rows. */
final class MarkCodec {
    private MarkCodec() {}

    static byte[] key(Target target) {
        var text = new StringBuilder(target.kind().name());
        for (String part : List.of(target.scope(), target.host(), target.value())) {
            text.append(' ').append(part.length()).append(':').append(part);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static byte[] value(Numbers numbers) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(numbers.hard())
                .putLong(numbers.soft())
                .array();
    }

    static Kept decode(byte[] key, byte[] value) {
        String text = new String(key, StandardCharsets.UTF_8);
        int at = text.indexOf(' ');
        PurgeMark.Kind kind = PurgeMark.Kind.valueOf(text.substring(0, at));
        String[] parts = new String[3];
        for (int i = 0; i < parts.length; i++) {
            int colon = text.indexOf(':', at);
            int length = Integer.parseInt(text.substring(at + 1, colon));
            parts[i] = text.substring(colon + 1, colon + 1 + length);
            at = colon + 1 + length;
        }
        ByteBuffer numbers = ByteBuffer.wrap(value);
        return new Kept(
                new Target(kind, parts[0], parts[1], parts[2]), new Numbers(numbers.getLong(), numbers.getLong()));
    }
}
