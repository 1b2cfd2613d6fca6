package dev.verge.sandbox.host;

import dev.verge.sandbox.FunctionOutcome;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Ends the calls of a context when nothing will ever bring it a turn: no promise can settle any more. */
final class StuckCalls {
    private StuckCalls() {}

    /**
     * By the owner, between turns.
     *
     * @param calls all that the context has
     * @param forget told of each that was ended
     */
    static void end(Collection<HostCall> calls, Outbox out, Consumer<HostCall> forget) {
        for (HostCall call : calls) {
            if (call.pending > 0 || call.finishing != null) {
                return;
            }
        }
        for (HostCall call : List.copyOf(calls)) {
            if (!call.responded) {
                call.log("exception", Explain.STUCK);
                call.finish(out, FunctionOutcome.THREW, false);
            } else if (call.bodyIncomplete()) {
                call.log("exception", Explain.STUCK_BODY);
                call.bodyOut(0, out).reset("incomplete");
                call.finish(out, FunctionOutcome.THREW, false);
            } else {
                call.log("warn", Explain.STUCK_WORK);
                call.finish(out, FunctionOutcome.OK, false);
            }
            forget.accept(call);
        }
    }
}
