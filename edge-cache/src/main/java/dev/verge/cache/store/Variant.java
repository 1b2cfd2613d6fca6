package dev.verge.cache.store;

import dev.verge.cache.decision.StoredResponse;
import org.jspecify.annotations.Nullable;

/**
 * One stored response and where its body is.
 *
 * @param epoch number of the latest purge mark when its fetch began
 * @param slot its place on disk; null while or unless it is written
 * @param body its bytes in memory
 * @param fill the fill that still writes it to disk
 */
record Variant(
        StoredResponse response,
        long epoch,
        Chunks chunks,
        @Nullable Slot slot,
        @Nullable Body body,
        @Nullable Fill fill) {
    Variant withResponse(StoredResponse changed, long changedEpoch) {
        return new Variant(changed, changedEpoch, chunks, slot, body, fill);
    }

    Variant withBody(@Nullable Body changed) {
        return new Variant(response, epoch, chunks, slot, changed, fill);
    }

    Variant onDisk(Slot written) {
        return new Variant(response, epoch, chunks, written, body, null);
    }

    Variant softPurged() {
        return withResponse(response.softPurged(), epoch);
    }
}
