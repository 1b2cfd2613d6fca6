package dev.verge.sync.nats;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.wire.Frames;
import dev.verge.sync.wire.Packed;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit as it lies on the stream: what every node may see of it. Every node gets every revision, so the one before is the one before on
 * the stream for all of them; what is for some nodes only is withheld here and asked for by those.
 *
 * @param history identity of the log
 * @param previous revision of the message before on the stream
 * @param epoch number of the fleet key that its secrets are sealed under; 0 without secrets
 * @param publisher who published it
 * @param body the packed message; empty when it does not fit
 */
record Posted(String history, long revision, long previous, int epoch, String publisher, Buffer body) {
    private static final String HISTORY = "Verge-History";
    private static final String REVISION = "Verge-Revision";
    private static final String PREVIOUS = "Verge-Previous";
    private static final String EPOCH = "Verge-Epoch";
    private static final String PUBLISHER = "Verge-Publisher";
    private static final String MESSAGE_ID = "Nats-Msg-Id";
    private static final String EXPECTED = "Nats-Expected-Last-Sequence";
    private static final int HEADER_ROOM = 1_024;

    static Posted of(String history, SignedCommit commit, @Nullable FleetKey key, String publisher, long maxPayload) {
        byte[] packed = Packed.pack(Frames.of(commit.cut(List.of())).encode());
        return new Posted(
                history,
                commit.revision(),
                commit.revision() - 1,
                key == null ? 0 : key.epoch(),
                publisher,
                packed.length + HEADER_ROOM > maxPayload ? Buffer.buffer() : Buffer.buffer(packed));
    }

    /** The message to publish after the one of a sequence. */
    Message message(String subject, long lastSequence) {
        Headers headers = new Headers()
                .put(HISTORY, history)
                .put(REVISION, Long.toString(revision))
                .put(PREVIOUS, Long.toString(previous))
                .put(EPOCH, Integer.toString(epoch))
                .put(PUBLISHER, publisher)
                .put(MESSAGE_ID, history + ":" + revision)
                .put(EXPECTED, Long.toString(lastSequence));
        return NatsMessage.builder()
                .subject(subject)
                .headers(headers)
                .data(body.getBytes())
                .build();
    }

    /** What a message says; null when it is none of ours. */
    static @Nullable Posted read(@Nullable Headers headers, byte @Nullable [] data) {
        try {
            if (headers == null) {
                return null;
            }
            long revision = Long.parseLong(text(headers, REVISION));
            return revision < 1
                    ? null
                    : new Posted(
                            text(headers, HISTORY),
                            revision,
                            Long.parseLong(text(headers, PREVIOUS)),
                            Integer.parseInt(text(headers, EPOCH)),
                            text(headers, PUBLISHER),
                            data == null ? Buffer.buffer() : Buffer.buffer(data));
        } catch (NumberFormatException foreign) {
            return null;
        }
    }

    private static String text(Headers headers, String name) {
        String value = headers.getFirst(name);
        return value == null ? "" : value;
    }

    /** The message as text; null when it did not fit or cannot be read. */
    @Nullable
    String frame() {
        try {
            return body.length() == 0 ? null : Packed.unpack(body.getBytes());
        } catch (IllegalArgumentException damaged) {
            return null;
        }
    }
}
