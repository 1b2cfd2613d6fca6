package dev.verge.node.pipeline;

import dev.verge.balancer.Choice;
import dev.verge.balancer.HedgeEnd;
import dev.verge.balancer.Lease;
import dev.verge.balancer.UpstreamCall;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.origin.OriginClient;
import dev.verge.node.origin.TryEnd;
import dev.verge.node.trace.OpenSpan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try under way, maybe beside others of the same request.
 *
 * @param fresh whether only a new connection will do
 * @param hedge whether it was begun beside another one
 * @param span null when it is not recorded
 */
record RunningTry(
        Choice.Picked picked,
        boolean fresh,
        boolean hedge,
        Instant requestedAt,
        OriginClient.Attempt attempt,
        @Nullable OpenSpan span) {

    Lease lease() {
        return picked.lease();
    }

    String origin() {
        return lease().endpoint().origin().url();
    }

    /** Nobody waits for it any more. */
    void giveUp() {
        TrySpans.cancelled(span);
        attempt.cancel();
        lease().close();
    }

    /** Another one was faster, which is not this one's fault. */
    void outrun(UpstreamCall call) {
        lease().outrun();
        giveUp();
        if (hedge) {
            call.hedged(HedgeEnd.LOST);
        }
    }

    /** Whether it ended in a way that is no reason to give the others up. */
    boolean hasFailed(TryEnd ended, UpstreamCall call) {
        return switch (ended) {
            case TryEnd.Answered answered -> call.isFailure(answered.status());
            case TryEnd.Failed _, TryEnd.NoRoom _ -> true;
            case TryEnd.Switched _, TryEnd.SenderFailed _ -> false;
        };
    }

    /**
     * Ends a try that has failed while others go on.
     *
     * @param former the error so far
     * @return the error from now on
     */
    EdgeError fallBack(TryEnd ended, UpstreamCall call, EdgeError former) {
        EdgeError error = former;
        switch (ended) {
            case TryEnd.Answered answered -> {
                lease().responded(answered.status());
                answered.body().discard();
            }
            case TryEnd.Failed failed -> {
                lease().failed(failed.failure());
                error = failed.error();
            }
            case TryEnd.NoRoom full -> {
                lease().noConnection();
                error = full.error();
            }
            case TryEnd.Switched _, TryEnd.SenderFailed _ -> {}
        }
        lease().close();
        if (hedge) {
            call.hedged(HedgeEnd.FAILED);
        }
        return error;
    }
}
