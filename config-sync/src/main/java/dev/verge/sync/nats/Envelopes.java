package dev.verge.sync.nats;

import dev.verge.sync.crypto.SessionKey;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Packed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a session: messages become numbered pieces that fit on NATS, sealed once there is a key, and pieces become messages. A piece
 * that is missing, doubled, changed or from elsewhere is noticed, and the session is over. Sending is safe from any thread.
 */
final class Envelopes {
    private static final int NUMBER_BYTES = Long.BYTES;
    private static final byte PACKED = 1;
    private static final byte MORE = 2;
    private static final byte END = 4;

    /** What a piece has beside its part of a message. */
    static final int OVERHEAD = 128;

    private final SessionKey.Side own;
    private final SessionKey.Side other;
    private final int maxPiece;
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
    private @Nullable SessionKey sealing;
    private @Nullable SessionKey opening;
    private long sent;
    private long heard;

    /** What a piece says. */
    sealed interface Heard {}

    /** A whole message. */
    record Whole(String text) implements Heard {}

    /** More of it follows. */
    record Part() implements Heard {}

    /** The other end has ended the session. */
    record Ended() implements Heard {}

    /** @param maxPayload largest message that NATS takes, in bytes */
    Envelopes(SessionKey.Side own, long maxPayload) {
        this.own = own;
        this.other = own == SessionKey.Side.NODE ? SessionKey.Side.CONTROL_PLANE : SessionKey.Side.NODE;
        this.maxPiece = (int) Math.max(OVERHEAD, Math.min(maxPayload, 1 << 20) - OVERHEAD);
    }

    /** What is sent from now on is sealed. */
    synchronized void sealFrom(SessionKey key) {
        sealing = key;
    }

    /** What is heard from now on must be sealed. */
    void openFrom(SessionKey key) {
        opening = key;
    }

    List<byte[]> text(String message) {
        return wrap(message.getBytes(StandardCharsets.UTF_8), (byte) 0);
    }

    List<byte[]> packed(byte[] message) {
        return wrap(message, PACKED);
    }

    List<byte[]> end() {
        return wrap(new byte[0], END);
    }

    private synchronized List<byte[]> wrap(byte[] content, byte flags) {
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(content.length, from + maxPiece);
            byte more = to < content.length ? MORE : 0;
            byte[] plain = new byte[1 + to - from];
            plain[0] = (byte) (flags | more);
            System.arraycopy(content, from, plain, 1, to - from);
            long number = ++sent;
            SessionKey key = sealing;
            byte[] body = key == null ? plain : key.seal(own, number, plain);
            pieces.add(ByteBuffer.allocate(NUMBER_BYTES + body.length)
                    .putLong(number)
                    .put(body)
                    .array());
            from = to;
        } while (from < content.length);
        return pieces;
    }

    /**
     * Takes the next piece. One caller at a time.
     *
     * @throws IllegalArgumentException when it does not follow, or a message is too long
     */
    Heard take(byte[] piece) {
        if (piece.length <= NUMBER_BYTES) {
            throw new IllegalArgumentException("a piece of " + piece.length + " bytes");
        }
        long number = ByteBuffer.wrap(piece).getLong();
        if (number != heard + 1) {
            throw new IllegalArgumentException("piece " + number + " came where " + (heard + 1) + " was due");
        }
        heard = number;
        byte[] body = Arrays.copyOfRange(piece, NUMBER_BYTES, piece.length);
        SessionKey key = opening;
        byte[] plain = key == null ? body : key.open(other, number, body);
        if (plain.length == 0) {
            throw new IllegalArgumentException("a piece that says nothing");
        }
        if ((plain[0] & END) != 0) {
            return new Ended();
        }
        if (parts.size() + plain.length > Frame.MAX_BYTES) {
            throw new IllegalArgumentException("a message of more than " + Frame.MAX_BYTES + " bytes");
        }
        parts.write(plain, 1, plain.length - 1);
        if ((plain[0] & MORE) != 0) {
            return new Part();
        }
        byte[] whole = parts.toByteArray();
        parts.reset();
        return new Whole((plain[0] & PACKED) == 0 ? new String(whole, StandardCharsets.UTF_8) : Packed.unpack(whole));
    }
}
