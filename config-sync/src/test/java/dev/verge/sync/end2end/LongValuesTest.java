package dev.verge.sync.end2end;

import static dev.verge.sync.end2end.Fleet.await;
import static dev.verge.sync.end2end.Fleet.until;
import static dev.verge.sync.end2end.LongValues.change;
import static dev.verge.sync.end2end.LongValues.random;
import static dev.verge.sync.end2end.LongValues.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sync.client.SyncClient;
import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.server.SyncServer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long values on their way from a node over the direct stream. */
class LongValuesTest {

    @TempDir
    Path folder;

    private final Fleet fleet = new Fleet();
    private final LongValues values = new LongValues();
    private SyncClient client;

    @BeforeEach
    void connect() {
        SyncServer server = fleet.serve(new MemoryLog("h1"));
        server.onKvWrite(values);
        client = fleet.connect("n1", folder, new RecordingApplier());
        await(client.caughtUp());
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aLongValueArrivesWholeAndNoMoreIsOnTheWayThanIsAskedFor() {
        LongValues.hold(values, client);
    }

    @Test
    void aNodeSendsSomeAtATimeAndAnAccountFewer() {
        values.holding = true;
        List<Future<Void>> under = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String account = i < 4 ? "one" : "two";
            under.add(send(client.upload(change(account, "k" + i)), random(200_000), 0));
        }
        until("all of them", () -> values.begun.size() == 8);
        for (String account : List.of("one", "three")) {
            assertThatThrownBy(
                            () -> await(client.upload(change(account, "more")).add(Buffer.buffer("x"))))
                    .hasStackTraceContaining("too many long values at a time");
        }
        values.release();
        under.forEach(Fleet::await);
        await(send(client.upload(change("one", "more")), random(200_000), 0));
        assertThat(values.written).hasSize(9);
    }

    @Test
    void whatIsGivenUpOrCutOffLeavesNothingBehind() {
        KvUpload upload = client.upload(change("default", "given-up"));
        await(upload.add(Buffer.buffer(random(1_000))));
        upload.giveUp();
        until("the end of it", () -> values.givenUp.get() == 1);
        assertThatThrownBy(() -> await(upload.finish())).hasStackTraceContaining("given up");

        KvUpload cut = client.upload(change("default", "cut"));
        await(cut.add(Buffer.buffer(random(1_000))));
        await(client.close());
        until("the end of the other", () -> values.givenUp.get() == 2);
        assertThat(values.written).isEmpty();
    }

    @Test
    void aStreamThatEndsFailsWhatIsUnderWay() {
        KvUpload upload = client.upload(change("default", "broken"));
        await(upload.add(Buffer.buffer(random(1_000))));
        fleet.stopServing();
        assertThatThrownBy(() -> await(send(upload, random(1_000_000), 0)))
                .hasStackTraceContaining("the stream ended before the value was complete");
        assertThatThrownBy(() -> await(client.upload(new KvWrite("a", "b", "c", null, null, null))
                        .add(Buffer.buffer("x"))))
                .hasStackTraceContaining("cannot be reached");
        until("the end of it", () -> values.givenUp.get() == 1);
    }
}
