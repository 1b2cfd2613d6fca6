package dev.verge.node;

import static dev.verge.node.ObjectOrigin.bytes;
import static dev.verge.node.ObjectOrigin.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.ObjectOrigin.Item;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What meets slices from outside: conditions, refusals, and whole responses of the same object. */
class SlicesBesideOthersTest extends SlicedSite {
    @Test
    void conditionsOfTheClientAreAnsweredFromTheOutline() {
        origin.put("/asked", item(3 * SLICE));
        range("/asked", "0-9");
        origin.forgetRequests();

        HttpResponse<byte[]> unchanged = range("/asked", "0-9", "if-none-match", "\"v1\"");
        HttpResponse<byte[]> matching = range("/asked", "0-9", "if-range", "\"v1\"");
        int before = origin.ranges.size();
        HttpResponse<byte[]> other = range("/asked", "0-9", "if-range", "\"v0\"");

        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(matching.statusCode()).isEqualTo(206);
        assertThat(before).isZero();
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.body()).isEqualTo(bytes(1, 0, 3 * SLICE));
        assertThat(origin.ranges).containsExactly("-");
    }

    @Test
    void onlyIfCachedNeverFetchesASlice() {
        origin.put("/cached", item(3 * SLICE));
        range("/cached", "0-9");
        settle();
        origin.forgetRequests();

        assertThat(range("/cached", "0-9", "cache-control", "only-if-cached").statusCode())
                .isEqualTo(206);
        assertThat(range("/cached", "2000000-2000009", "cache-control", "only-if-cached")
                        .statusCode())
                .isEqualTo(504);
        assertThat(origin.ranges).isEmpty();
    }

    @Test
    void aWholeObjectEndsItsOutline() {
        origin.put("/both", item(3 * SLICE));
        range("/both", "0-9");

        HttpResponse<byte[]> whole;
        try {
            whole = installation.client.send(installation.request("/both").build(), BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        origin.forgetRequests();

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(bytes(1, 0, 3 * SLICE));
        assertThat(range("/both", "2000000-2000009").body()).isEqualTo(bytes(1, 2_000_000, 10));
        assertThat(origin.ranges).isEmpty();
    }

    @Test
    void aSeekDoesNotWaitForTheWholeToComeThatFar() {
        int length = 20 * SLICE;
        origin.put("/both-ways", item(length));
        Promise<Void> release = origin.hold("/both-ways");
        CompletableFuture<HttpResponse<byte[]>> whole =
                installation.client.sendAsync(installation.request("/both-ways").build(), BodyHandlers.ofByteArray());
        Installation.until("the whole to be asked for", () -> origin.ranges.contains("-"));

        HttpResponse<byte[]> far = range("/both-ways", "19000000-19000009");

        assertThat(whole).isNotDone();
        assertThat(far.statusCode()).isEqualTo(206);
        assertThat(far.body()).isEqualTo(bytes(1, 19_000_000, 10));
        release.complete();
        assertThat(whole.join().body()).isEqualTo(bytes(1, 0, length));
    }

    @Test
    void aRefusalOfOneClientEndsNothingForOthers() {
        origin.put("/guarded", new Item(3 * SLICE, "\"v1\"", 1, true, "public, max-age=600"));
        range("/guarded", "0-9");
        settle();
        origin.forgetRequests();

        HttpResponse<byte[]> refused = range("/guarded", "2000000-2000009", "authorization", "wrong");
        HttpResponse<byte[]> kept = range("/guarded", "0-9");

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(kept.statusCode()).isEqualTo(206);
        assertThat(Installation.cacheStatus(kept)).startsWith("verge; hit");
        assertThat(origin.ranges).hasSize(1);
    }
}
