package dev.verge.sync.client;

import dev.verge.sync.log.Refusal;
import dev.verge.sync.wire.Frame;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node refuses, in frames of bounded size. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(SyncClient.class);
    private static final int REASONS_IN_FRAME = 1_000;

    private Refusals() {}

    /** Sends why a revision is refused, in as many frames as it takes. */
    static void tell(long revision, Map<String, String> reasons, Consumer<Frame> send) {
        LOG.warn("sync: revision {} is refused: {}", revision, reasons);
        Map<String, String> part = new HashMap<>();
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            part.put(reason.getKey(), new Refusal(Math.max(1, revision), reason.getValue()).reason());
            if (part.size() == REASONS_IN_FRAME) {
                send.accept(new Frame.Nack(revision, Map.copyOf(part)));
                part.clear();
            }
        }
        if (!part.isEmpty()) {
            send.accept(new Frame.Nack(revision, part));
        }
    }

    /** As many as one frame may hold. */
    static Map<String, Refusal> bounded(Map<String, Refusal> refused) {
        if (refused.size() <= REASONS_IN_FRAME) {
            return refused;
        }
        LOG.warn("sync: {} keys are refused; only {} are reported", refused.size(), REASONS_IN_FRAME);
        Map<String, Refusal> some = new HashMap<>();
        refused.entrySet().stream().limit(REASONS_IN_FRAME).forEach(e -> some.put(e.getKey(), e.getValue()));
        return some;
    }
}
