package dev.verge.node.server.http3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.exchange.Priority;
import io.netty.handler.codec.http3.Http3ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which PRIORITY_UPDATE frames may be, and what is remembered of them (RFC 9218 §7.2). */
class PriorityUpdatesTest {
    private static final int STREAMS = 10;

    private final Map<Long, Priority> live = new HashMap<>();
    private long nextId = 8;
    private final PriorityUpdates updates = new PriorityUpdates(STREAMS, new PriorityUpdates.Requests() {
        @Override
        public long nextId() {
            return nextId;
        }

        @Override
        public boolean asked(long stream, Priority priority) {
            return live.replace(stream, priority) != null;
        }
    });

    private @Nullable Http3ErrorCode update(int id, String field) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(0x40 | id >> 8);
        payload.write(id);
        payload.writeBytes(field.getBytes(StandardCharsets.ISO_8859_1));
        return updates.read(PriorityUpdates.OF_REQUEST, payload.toByteArray());
    }

    @Test
    void aRequestThatIsThereIsToldAndSaysNothingMore() {
        live.put(4L, Priority.DEFAULT);
        assertThat(update(4, "u=1, i")).isNull();
        assertThat(live).containsEntry(4L, new Priority(1, true));
        assertThat(update(4, "i")).isNull();
        assertThat(live).containsEntry(4L, new Priority(3, true)); // what is left out is as if never said
        assertThat(update(4, "u=9, \u0001")).isNull();
        assertThat(live).containsEntry(4L, Priority.DEFAULT);
        assertThat(updates.takeEarly(4)).isNull();
    }

    @Test
    void theNewestOfARequestToComeIsTakenOnce() {
        assertThat(update(12, "u=5")).isNull();
        assertThat(update(12, "u=0")).isNull();
        assertThat(updates.takeEarly(12)).isEqualTo(new Priority(0, false));
        assertThat(updates.takeEarly(12)).isNull();
    }

    @Test
    void noMoreAreRememberedThanThereMayBeRequests() {
        for (int i = 0; i < 1000; i++) {
            nextId = 4L * i;
            assertThat(update(4 * i, "u=1")).isNull();
        }
        int kept = 0;
        for (int i = 0; i < 1000; i++) {
            kept += updates.takeEarly(4L * i) == null ? 0 : 1;
        }
        assertThat(kept).isEqualTo(STREAMS);
    }

    @Test
    void whatIsNoRequestOrCannotBeOneYetEndsTheConnection() {
        for (int id = 1; id <= 3; id++) {
            assertThat(update(id, "u=1")).isEqualTo(Http3ErrorCode.H3_ID_ERROR);
        }
        assertThat(update(8 + 4 * (STREAMS - 1), "u=1")).isNull();
        assertThat(update(8 + 4 * STREAMS, "u=1")).isEqualTo(Http3ErrorCode.H3_ID_ERROR);
        assertThat(updates.read(PriorityUpdates.OF_PUSH, new byte[] {0, 'u'})).isEqualTo(Http3ErrorCode.H3_ID_ERROR);
        assertThat(updates.read(PriorityUpdates.OF_REQUEST, new byte[0])).isEqualTo(Http3ErrorCode.H3_FRAME_ERROR);
        assertThat(updates.read(PriorityUpdates.OF_REQUEST, new byte[] {(byte) 0xc0, 0, 0}))
                .isEqualTo(Http3ErrorCode.H3_FRAME_ERROR);
    }
}
