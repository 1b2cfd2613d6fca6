package dev.verge.sync.client;

import dev.verge.sync.usage.UsageInterval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a node keeps what it counted until the control plane has it. Called on a worker, one at a time; may block. */
public interface UsageSource {
    /** Nothing is counted. */
    UsageSource NONE = new UsageSource() {
        @Override
        public @Nullable Batch next(@Nullable Place after) {
            return null;
        }

        @Override
        public void taken(Place upTo) {}
    };

    /** An interval of a run of the node's process. */
    record Place(String boot, long sequence) {}

    /**
     * Some intervals of one run, in order.
     *
     * @param intervals at least one
     */
    record Batch(String boot, List<UsageInterval> intervals) {
        public Batch {
            intervals = List.copyOf(intervals);
        }

        /** Where it ends. */
        Place end() {
            return new Place(boot, intervals.getLast().sequence());
        }
    }

    /**
     * What comes next, of a size that fits into one message.
     *
     * @param after null: the oldest that there is
     * @return null when there is no more
     */
    @Nullable
    Batch next(@Nullable Place after);

    /** The control plane has all of the run up to here. */
    void taken(Place upTo);
}
