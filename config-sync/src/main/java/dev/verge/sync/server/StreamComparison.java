package dev.verge.sync.server;

import dev.verge.sync.compare.StateSums;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The comparison of one node's state with the log, once in each round. On the stream's context. */
final class StreamComparison {
    private static final Logger LOG = LoggerFactory.getLogger(StreamComparison.class);

    private final Context context;
    private final Comparisons comparisons;
    private final NodeIdentity identity;
    private final NodeRegistry registry;
    private final Consumer<String> close;
    private boolean able;
    private Comparisons.@Nullable Round last;
    /** Questions that have no answer yet: a slow node may be asked again, and answers each or both at once. */
    private int open;

    /** @param close ends the stream, for a reason */
    StreamComparison(
            Context context,
            Comparisons comparisons,
            NodeIdentity identity,
            NodeRegistry registry,
            Consumer<String> close) {
        this.context = context;
        this.comparisons = comparisons;
        this.identity = identity;
        this.registry = registry;
        this.close = close;
    }

    /**
     * The node has come.
     *
     * @return whether it is to have all of its state
     */
    boolean begin(Frame.Hello hello) {
        able = hello.compares();
        return comparisons.due(identity.node());
    }

    /**
     * Whether the node is to be asked now; then it is.
     *
     * @param behind commits that the node has not acknowledged
     */
    boolean ask(long behind) {
        Comparisons.Round now = comparisons.round();
        Comparisons.Round before = last;
        if (!able
                || now == null
                || (before != null && before.takenNanos() == now.takenNanos())
                || behind > Comparisons.MOST_BETWEEN) {
            return false;
        }
        last = now;
        open++;
        return true;
    }

    /**
     * The node's answer.
     *
     * @throws IllegalArgumentException when it is none
     */
    void answered(Frame.Compared told) {
        Comparisons.Round with = last;
        if (open == 0 || with == null) {
            throw new IllegalArgumentException("it was not asked");
        }
        open--;
        comparisons
                .differing(identity, with, told.revision(), StateSums.decode(told.sums()))
                .onSuccess(differing -> context.runOnContext(v -> judge(differing)))
                .onFailure(e -> LOG.warn("sync: {} could not be compared with the log", identity.node(), e));
    }

    private void judge(@Nullable Integer differing) {
        if (differing == null) {
            return;
        }
        registry.compared(identity.node(), differing);
        if (differing > 0) {
            boolean renewed = comparisons.renew(identity.node());
            LOG.warn(
                    "sync: the state of {} is not what the log says, in {} of {} parts{}",
                    identity.node(),
                    differing,
                    StateSums.PARTS,
                    renewed ? "; it takes it anew" : ", and was not after it had been taken anew");
            if (renewed) {
                close.accept("the node's state is not what the log says");
            }
        }
    }
}
