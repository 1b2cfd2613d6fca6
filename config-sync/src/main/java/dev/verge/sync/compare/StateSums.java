package dev.verge.sync.compare;

import dev.verge.sync.crypto.Statement;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.SecretPlaces;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.BitSet;

/**
 * What a state comes to: its entries fall into parts by their keys, and each part has the sum of its entries' hashes. Two states are the
 * same but for one chance in 2<sup>64</sup> when all their sums are; against somebody who makes entries for that purpose it is no proof, and
 * need not be, as what nodes take in is signed. Secrets are left out: they are sealed anew when keys change. Not thread-safe.
 */
public final class StateSums {
    /** Into how many parts a state falls, so that what changes meanwhile spoils the comparison of its own part only. */
    public static final int PARTS = 256;

    /** Length of {@link #encode}. */
    public static final int CHARACTERS = 2_776;

    private static final int LEFT_OUT_BYTES = PARTS / Byte.SIZE;
    private static final int SPREAD = 0x9E3779B9;

    private final long[] sums = new long[PARTS];
    private final BitSet leftOut = new BitSet(PARTS);

    /** Takes an entry that has a value; what is not kept as state counts for nothing. */
    public void add(LogEntry entry) {
        if (Keys.retained(entry.key())) {
            sums[part(entry.key())] += hash(entry);
        }
    }

    /** Takes all entries of another state. */
    public void add(StateSums other) {
        for (int i = 0; i < PARTS; i++) {
            sums[i] += other.sums[i];
        }
        leftOut.or(other.leftOut);
    }

    /** The part of a key is not to be compared. */
    public void leaveOut(String key) {
        leftOut.set(part(key));
    }

    /** How many parts differ, of those that neither leaves out. */
    public int differing(StateSums other) {
        int differing = 0;
        for (int i = 0; i < PARTS; i++) {
            if (sums[i] != other.sums[i] && !leftOut.get(i) && !other.leftOut.get(i)) {
                differing++;
            }
        }
        return differing;
    }

    /** As text. */
    public String encode() {
        ByteBuffer bytes = ByteBuffer.allocate(PARTS * Long.BYTES + LEFT_OUT_BYTES);
        bytes.asLongBuffer().put(sums);
        bytes.position(PARTS * Long.BYTES).put(leftOut.toByteArray());
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static StateSums decode(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (bytes.length != PARTS * Long.BYTES + LEFT_OUT_BYTES) {
            throw new IllegalArgumentException("sums of " + bytes.length + " bytes");
        }
        StateSums read = new StateSums();
        ByteBuffer.wrap(bytes).asLongBuffer().get(read.sums);
        read.leftOut.or(BitSet.valueOf(ByteBuffer.wrap(bytes, PARTS * Long.BYTES, LEFT_OUT_BYTES)));
        return read;
    }

    private static int part(String key) {
        return (key.hashCode() * SPREAD) >>> (Integer.SIZE - Byte.SIZE);
    }

    private static long hash(LogEntry entry) {
        String value = SecretPlaces.replace(entry, (name, secret) -> "").value();
        byte[] digest = Statement.sha256()
                .digest(Statement.of("verge entry 1")
                        .number(entry.revision())
                        .text(entry.key())
                        .text(value == null ? "" : value)
                        .toBytes());
        return ByteBuffer.wrap(digest).getLong();
    }
}
