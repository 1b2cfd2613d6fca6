package dev.verge.node;

import static dev.verge.node.ObjectOrigin.bytes;
import static dev.verge.node.ObjectOrigin.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.ObjectOrigin.Item;
import dev.verge.sync.log.PurgeTarget;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Ranges of objects that are not stored as a whole. */
class SlicesTest extends SlicedSite {
    @Test
    void aSeekInATenGibibyteObjectCostsItsSlicesOnly() {
        origin.put("/film", item(TEN_GIB));
        long first = TEN_GIB / 2 + 12_345;

        HttpResponse<byte[]> seek = range("/film", first + "-" + (first + 99_999));
        settle();
        long afterSeek = origin.bytesSent.get();
        HttpResponse<byte[]> again = range("/film", (first + 5) + "-" + (first + 14));
        HttpResponse<byte[]> end = range("/film", "-10");
        settle();

        assertThat(seek.statusCode()).isEqualTo(206);
        assertThat(seek.body()).isEqualTo(bytes(1, first, 100_000));
        assertThat(field(seek, "content-range")).isEqualTo("bytes " + first + "-" + (first + 99_999) + "/" + TEN_GIB);
        assertThat(field(seek, "content-length")).isEqualTo("100000");
        assertThat(Installation.cacheStatus(seek)).startsWith("verge; fwd=uri-miss; stored; ttl=");
        assertThat(afterSeek).isEqualTo(SLICE);
        assertThat(again.body()).isEqualTo(bytes(1, first + 5, 10));
        assertThat(Installation.cacheStatus(again)).startsWith("verge; hit; ttl=");
        assertThat(field(again, "age")).isNotEmpty();
        assertThat(end.body()).isEqualTo(bytes(1, TEN_GIB - 10, 10));
        assertThat(Installation.cacheStatus(end)).contains("fwd=partial").contains("stored");
        assertThat(origin.ranges).hasSize(2);
        assertThat(origin.bytesSent.get()).isEqualTo(2 * SLICE);
    }

    @Test
    void anOpenEndedReadJoinsSlicesByteByByteAndTheSecondIsAllHits() {
        int length = 5 * SLICE + 4_321;
        origin.put("/song", item(length));

        HttpResponse<byte[]> first = range("/song", "1000-");
        int asked = origin.ranges.size();
        settle();
        HttpResponse<byte[]> second = range("/song", "0-");

        assertThat(first.statusCode()).isEqualTo(206);
        assertThat(first.body()).isEqualTo(bytes(1, 1000, length - 1000));
        assertThat(asked).isEqualTo(6);
        assertThat(second.body()).isEqualTo(bytes(1, 0, length));
        assertThat(Installation.cacheStatus(second)).startsWith("verge; hit");
        assertThat(origin.ranges).hasSize(6).startsWith(SLICE_0).endsWith("bytes=5242880-5247200");
        assertThat(origin.bytesSent.get()).isEqualTo(length);
    }

    @Test
    void aSmallObjectIsStoredWholeByItsFirstRange() {
        origin.put("/small", item(1_000));

        HttpResponse<byte[]> part = range("/small", "5-8");
        HttpResponse<String> whole = installation.get("/small");
        HttpResponse<byte[]> suffix = range("/small", "-3");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(bytes(1, 5, 4));
        assertThat(field(part, "content-range")).isEqualTo("bytes 5-8/1000");
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(Installation.cacheStatus(whole)).startsWith("verge; hit");
        assertThat(suffix.body()).isEqualTo(bytes(1, 997, 3));
        assertThat(origin.ranges).containsExactly(SLICE_0);
    }

    @Test
    void anOriginWithoutRangesFillsTheWholeObject() {
        origin.put("/plain", new Item(3 * SLICE, "\"v1\"", 1, false, "max-age=600"));

        HttpResponse<byte[]> part = range("/plain", "2000000-2000009");
        HttpResponse<byte[]> other = range("/plain", "-7");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(bytes(1, 2_000_000, 10));
        assertThat(other.body()).isEqualTo(bytes(1, 3 * SLICE - 7, 7));
        assertThat(origin.ranges).hasSize(1);
    }

    @Test
    void aRangeBehindTheEndIsRefusedAndNotStored() {
        origin.put("/short", item(2 * SLICE));

        HttpResponse<byte[]> unknown = range("/short", (9L * SLICE) + "-");
        range("/short", "0-1");
        HttpResponse<byte[]> known = range("/short", (9L * SLICE) + "-");
        HttpResponse<String> whole = installation.get("/short");

        assertThat(unknown.statusCode()).isEqualTo(416);
        assertThat(field(unknown, "content-range")).isEqualTo("bytes */" + 2 * SLICE);
        assertThat(known.statusCode()).isEqualTo(416);
        assertThat(field(known, "content-range")).isEqualTo("bytes */" + 2 * SLICE);
        assertThat(whole.statusCode()).isEqualTo(200);
    }

    @Test
    void withoutAStrongValidatorNothingIsPutTogether() {
        origin.put("/weak", new Item(3 * SLICE, "W/\"v1\"", 1, true, "max-age=600"));

        HttpResponse<byte[]> first = range("/weak", "10-19");
        HttpResponse<byte[]> second = range("/weak", "10-19");
        HttpResponse<byte[]> third = range("/weak", "20-29");

        assertThat(first.statusCode()).isEqualTo(206);
        assertThat(first.body()).isEqualTo(bytes(1, 10, 10));
        assertThat(Installation.cacheStatus(first)).contains("no-validator");
        assertThat(second.body()).isEqualTo(bytes(1, 10, 10));
        assertThat(third.body()).isEqualTo(bytes(1, 20, 10));
        assertThat(origin.ranges).containsExactly(SLICE_0, "-");
    }

    @Test
    void whatMayNotBeStoredIsAskedForAsTheClientAsks() {
        origin.put("/secret", new Item(3 * SLICE, "\"v1\"", 1, true, "no-store"));

        HttpResponse<byte[]> first = range("/secret", "10-19");
        HttpResponse<byte[]> second = range("/secret", "2000000-2000009");

        assertThat(first.body()).isEqualTo(bytes(1, 10, 10));
        assertThat(second.statusCode()).isEqualTo(206);
        assertThat(second.body()).isEqualTo(bytes(1, 2_000_000, 10));
        assertThat(origin.ranges).containsExactly(SLICE_0, "bytes=2000000-2000009");
    }

    @Test
    void aChangeBetweenSlicesBreaksTheAnswerOffAndStartsAnewAfterwards() throws IOException {
        int length = 40 * SLICE;
        origin.put("/edited", item(length));
        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort())) {
            client.setReceiveBufferSize(16 * 1024);
            RawOrigin.write(
                    client.getOutputStream(),
                    "GET /edited HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=0-\r\nConnection: close\r\n\r\n");
            InputStream in = client.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            origin.put("/edited", item(length).with(2));

            long got = 1;
            byte[] piece = new byte[64 * 1024];
            try {
                for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                    got += n;
                }
            } catch (IOException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }

            assertThat(got).isLessThan(length);
        }

        HttpResponse<byte[]> after = range("/edited", "0-9");
        assertThat(after.body()).isEqualTo(bytes(2, 0, 10));
        assertThat(field(after, "etag")).isEqualTo("\"v2\"");
    }

    @Test
    void aChangeSeenBeforeAnythingWasSentStartsOver() {
        origin.put("/swapped", item(4 * SLICE));
        range("/swapped", "0-9");
        origin.put("/swapped", item(4 * SLICE).with(2));

        HttpResponse<byte[]> later = range("/swapped", "3000000-3000009");
        HttpResponse<byte[]> beginning = range("/swapped", "0-9");

        assertThat(later.statusCode()).isEqualTo(206);
        assertThat(later.body()).isEqualTo(bytes(2, 3_000_000, 10));
        assertThat(field(later, "etag")).isEqualTo("\"v2\"");
        assertThat(beginning.body()).isEqualTo(bytes(2, 0, 10));
    }

    @Test
    void oneRevalidationMakesAllSlicesFresh() {
        origin.put("/stale", new Item(3 * SLICE, "\"v1\"", 1, true, "max-age=0"));
        range("/stale", "0-");
        origin.forgetRequests();

        HttpResponse<byte[]> again = range("/stale", "0-");

        assertThat(again.body()).isEqualTo(bytes(1, 0, 3 * SLICE));
        assertThat(Installation.cacheStatus(again)).contains("fwd=stale; fwd-status=304");
        assertThat(origin.ranges).hasSize(1);
        assertThat(origin.bytesSent.get()).isZero();
    }

    @Test
    void aPurgeStrikesSlices() {
        origin.put("/purged", item(3 * SLICE));
        range("/purged", "0-");
        installation.purge(new PurgeTarget.Urls(List.of("/purged")), false);
        origin.forgetRequests();

        HttpResponse<byte[]> after = range("/purged", "0-");

        assertThat(after.body()).isEqualTo(bytes(1, 0, 3 * SLICE));
        assertThat(origin.bytesSent.get()).isEqualTo(3 * SLICE);
    }

    @Test
    void anUnsafeRequestStrikesSlices() {
        origin.put("/posted", item(3 * SLICE));
        range("/posted", "0-");
        installation.send(installation
                .request("/posted")
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build());
        origin.forgetRequests();

        HttpResponse<byte[]> after = range("/posted", "0-");

        assertThat(after.body()).isEqualTo(bytes(1, 0, 3 * SLICE));
        assertThat(origin.bytesSent.get()).isEqualTo(3 * SLICE);
    }

    @Test
    void concurrentReadersShareEachSlice() {
        int length = 6 * SLICE;
        origin.put("/live", item(length));
        List<CompletableFuture<HttpResponse<byte[]>>> readers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            readers.add(installation.client.sendAsync(
                    installation
                            .request("/live")
                            .header("range", "bytes=" + i * 100 + "-")
                            .build(),
                    BodyHandlers.ofByteArray()));
        }

        for (int i = 0; i < readers.size(); i++) {
            assertThat(readers.get(i).join().body()).isEqualTo(bytes(1, i * 100L, length - i * 100));
        }
        assertThat(origin.bytesSent.get()).isEqualTo(length);
    }

    @Test
    void aClientThatLeavesLeavesNoMoreThanTheNextSliceBehind() throws IOException {
        origin.put("/left", item(TEN_GIB));
        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort())) {
            client.setReceiveBufferSize(16 * 1024);
            RawOrigin.write(
                    client.getOutputStream(), "GET /left HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=0-\r\n\r\n");
            assertThat(client.getInputStream().readNBytes(1 << 20)).hasSize(1 << 20);
        }

        Installation.until("requests to be over", () -> metric("verge_requests_active") == 0);
        settle();
        long sent = origin.bytesSent.get();
        assertThat(sent).isLessThan(32L * SLICE);
        assertThat(range("/left", "0-9").body()).isEqualTo(bytes(1, 0, 10));
        assertThat(origin.bytesSent.get()).isLessThanOrEqualTo(sent + 2 * SLICE);
    }
}
