package dev.verge.sandbox.process;

import dev.verge.sandbox.CheckResult;
import dev.verge.sandbox.CheckResult.CodeError;
import dev.verge.sandbox.CheckResult.Kind;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.FunctionVersion;
import dev.verge.sandbox.NoHostException;
import dev.verge.sandbox.typescript.Compilation;
import dev.verge.sandbox.typescript.Compiler;
import dev.verge.sandbox.wire.Frame;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.WireException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The check of one bundle in one host. */
final class HostCheck implements HostProcess.Listener {
    private static final Kind[] KINDS = Kind.values();
    private static final int MAX_ERRORS = 100;

    /** Beside the start-up limit: a cold host parses slowly. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Promise<CheckResult> result = Promise.promise();
    private final FunctionBundle bundle;
    private final long deadlineNanos;

    private HostCheck(FunctionBundle bundle, FunctionLimits limits) {
        this.bundle = bundle;
        deadlineNanos = System.nanoTime() + limits.startup().plus(GRACE).toNanos();
    }

    /** What is said of more code than the limits allow. */
    static CheckResult tooLarge(FunctionBundle bundle, FunctionLimits limits) {
        return new CheckResult.Failed(List.of(new CodeError(
                Kind.TOO_LARGE,
                "",
                0,
                0,
                "The modules have " + bundle.codeBytes() + " bytes, limits.codeBytes is " + limits.codeBytes())));
    }

    /** Once more where the host ended, which is not the code's fault: what is tried leaves nothing behind. */
    static Future<CheckResult> twice(Supplier<Future<CheckResult>> check) {
        return check.get()
                .recover(failure -> failure instanceof NoHostException ? check.get() : Future.failedFuture(failure));
    }

    /** Compiles what is TypeScript, and tries whether the whole starts. */
    static Future<CheckResult> of(Context context, HostProcess host, FunctionBundle bundle, FunctionLimits limits) {
        return Compiler.compile(bundle, question -> CompilerCall.ask(context, host, question))
                .compose(compilation -> switch (compilation) {
                    case Compilation.Refused(List<CodeError> errors) ->
                        Future.succeededFuture(new CheckResult.Failed(errors));
                    case Compilation.Done(FunctionBundle whole) -> start(context, host, whole, limits);
                });
    }

    private static Future<CheckResult> start(
            Context context, HostProcess host, FunctionBundle bundle, FunctionLimits limits) {
        if (bundle.codeBytes() > limits.codeBytes()) {
            return Future.succeededFuture(tooLarge(bundle, limits));
        }
        FunctionVersion function = new FunctionVersion(HostFleet.CHECK, "check", "", bundle.sha256(), limits, Map.of());
        return host.load(function, () -> Future.succeededFuture(bundle))
                .compose(id -> run(context, host, id, bundle, limits));
    }

    private static Future<CheckResult> run(
            Context context, HostProcess host, int function, FunctionBundle bundle, FunctionLimits limits) {
        HostCheck check = new HostCheck(bundle, limits);
        int id = host.nextNumber();
        if (host.join(id, check)) {
            host.send(new FrameWriter().frame(FrameType.CHECK, id).u32(function).take());
        } else {
            check.lost(true);
        }
        Promise<CheckResult> here = Promise.promise();
        check.result.future().onComplete(result -> {
            host.leave(id);
            context.runOnContext(nothing -> here.handle(result));
        });
        return here.future();
    }

    @Override
    public void receive(Frame frame) {
        if (frame.type() != FrameType.CHECKED) {
            return;
        }
        List<CodeError> errors = new ArrayList<>();
        int count = frame.u16();
        if (count > MAX_ERRORS) {
            throw new WireException("too many errors");
        }
        for (int i = 0; i < count; i++) {
            int kind = frame.u8();
            if (kind >= KINDS.length) {
                throw new WireException("error kind " + kind);
            }
            errors.add(new CodeError(KINDS[kind], frame.string(), frame.u32(), frame.u32(), frame.string()));
        }
        result.tryComplete(errors.isEmpty() ? new CheckResult.Passed(bundle) : new CheckResult.Failed(errors));
    }

    @Override
    public void lost(boolean shared) {
        CodeError error = new CodeError(
                Kind.STARTUP_OVER_LIMIT, "", 0, 0, "Starting the function used up the memory or the time of its host.");
        result.tryComplete(new CheckResult.Failed(List.of(error)));
    }

    @Override
    public void overstayed() {
        lost(false);
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }
}
