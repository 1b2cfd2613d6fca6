package dev.verge.control.function;

import dev.verge.control.api.ApiFailure;
import dev.verge.control.api.Problems;
import dev.verge.sandbox.CheckResult;
import dev.verge.sandbox.CheckResult.CodeError;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.NoHostException;
import dev.verge.sync.binding.Problem;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries pushed code in a function host; blocks its caller while it does. */
public final class CodeCheck {
    private static final Logger LOG = LoggerFactory.getLogger(CodeCheck.class);

    /** What tries code: function hosts, as {@code FunctionRuntime::check}. */
    public interface Trial {
        /** Loads the code, within the limits, and tells what was wrong with it. */
        Future<CheckResult> check(FunctionBundle bundle, FunctionLimits limits);
    }

    private final Trial trial;
    private final Semaphore slots;
    private final Duration timeout;

    /** Checks by {@code trial}, within the given bounds. */
    public CodeCheck(Trial trial, FunctionCheck bounds) {
        this.trial = trial;
        this.slots = new Semaphore(bounds.concurrent(), true);
        this.timeout = bounds.timeout();
    }

    /**
     * Ends the call unless the code would start: with every mistake that was found, or with 503 when no host was to be had.
     *
     * @return what is to be run: the same, or with what its TypeScript was compiled to
     */
    FunctionBundle check(FunctionBundle bundle, FunctionLimits limits) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            if (!slots.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
            try {
                CheckResult result = trial.check(bundle, limits)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                return switch (result) {
                    case CheckResult.Passed(FunctionBundle whole) -> whole;
                    case CheckResult.Failed failed ->
                        throw Problems.mistakes(
                                failed.errors().stream().map(CodeCheck::problem).toList());
                };
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        } catch (TimeoutException e) {
            throw busy();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NoHostException failure) {
                LOG.warn("no function host for the check of a push: {}", failure.getMessage());
                throw busy();
            }
            throw new IllegalStateException("the check of a function failed", e.getCause());
        }
    }

    private static ApiFailure busy() {
        return Problems.unavailable("No function host was free to check the code in time; nothing was stored.", 5);
    }

    /** {@code main.js:3:14} as the path, so that an editor can go there. */
    private static Problem problem(CodeError error) {
        String place = error.line() > 0 ? error.module() + ":" + error.line() + ":" + error.column() : error.module();
        String fix = switch (error.kind()) {
            case SYNTAX -> "correct the syntax there";
            case NO_HANDLER -> "export default { async fetch(request, env, ctx) { … } }";
            case STARTUP_EXCEPTION -> "make the module's top level run without throwing";
            case STARTUP_OVER_LIMIT -> "do less at the top level: it runs before the first request";
            case TOO_LARGE -> "push less code, or split the function";
            case UNSUPPORTED -> "write it as the message says";
        };
        return new Problem(place, "", error.message(), fix);
    }
}
