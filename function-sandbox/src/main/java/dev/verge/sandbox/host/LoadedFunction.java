package dev.verge.sandbox.host;

import dev.verge.sandbox.FunctionBinding;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.sourcemap.SourceMaps;
import dev.verge.sandbox.wire.WireException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.graalvm.polyglot.Source;
import org.jspecify.annotations.Nullable;

/** A function that the node has given to this host, and the contexts it runs in. The reader thread calls it, but where said. */
final class LoadedFunction {
    /** Calls in every context of the function before it gets one more. */
    private static final int BUSY = 4;

    private static final int MAX_ISOLATES = Runtime.getRuntime().availableProcessors();

    final String name;
    final FunctionLimits limits;
    final Map<String, String> env;
    final Map<String, FunctionBinding.Kind> bindings;
    private final String sha256;
    private final int bundleBytes;
    private final Consumer<HostCall> over;
    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final List<Isolate> isolates = new CopyOnWriteArrayList<>();

    final WarmUp warmUp;

    private @Nullable FunctionBundle bundle;
    private @Nullable SourceMaps maps;
    private @Nullable ModuleFiles modules;
    private @Nullable Source entry;

    /**
     * A function whose code follows.
     *
     * @param over called by owner threads when a call is over
     */
    LoadedFunction(
            String name,
            String sha256,
            FunctionLimits limits,
            Map<String, String> env,
            Map<String, FunctionBinding.Kind> bindings,
            int bundleBytes,
            Consumer<HostCall> over) {
        this.name = name;
        this.sha256 = sha256;
        this.limits = limits;
        this.env = env;
        this.bindings = bindings;
        this.bundleBytes = bundleBytes;
        this.warmUp = new WarmUp(limits.startup());
        this.over = over;
    }

    /** Takes a part of the bundle; the last one completes it. */
    void code(byte[] part) {
        code.writeBytes(part);
        if (code.size() > bundleBytes) {
            throw new WireException("more code than announced");
        }
        if (code.size() == bundleBytes) {
            FunctionBundle whole = FunctionBundle.parse(code.toByteArray());
            if (!whole.sha256().equals(sha256)) {
                throw new WireException("code with another hash than announced");
            }
            code.reset();
            bundle = whole;
            maps = new SourceMaps(whole);
            modules = new ModuleFiles(whole);
            entry = Source.newBuilder(
                            "js", "import * as main from \"./" + whole.main() + "\"; export {main};", "verge:entry")
                    .mimeType("application/javascript+module")
                    .internal(true)
                    .buildLiteral();
        }
    }

    private static <T> T loaded(@Nullable T part) {
        if (part == null) {
            throw new WireException("a call of a function without its code");
        }
        return part;
    }

    ModuleFiles modules() {
        return loaded(modules);
    }

    /** A module that gives the main module's exports as {@code main}. */
    Source entry() {
        return loaded(entry);
    }

    SourceMaps maps() {
        return loaded(maps);
    }

    String main() {
        return loaded(bundle).main();
    }

    /**
     * Gives a call to the least loaded context, or to a new one while all are busy and cores are left.
     *
     * @param route told where it goes before it goes there, as it may be over at once
     */
    void give(HostCall call, ContextFactory contexts, Outbox out, Consumer<Isolate> route) {
        loaded(entry);
        call.maps = maps;
        call.warmUp = warmUp;
        List<Isolate> candidates = new ArrayList<>(isolates);
        candidates.sort(Comparator.comparingInt(Isolate::load));
        boolean roomy = candidates.size() < MAX_ISOLATES
                && (candidates.isEmpty() || candidates.getFirst().load() >= BUSY);
        if (!roomy) {
            for (Isolate candidate : candidates) {
                route.accept(candidate);
                if (candidate.accept(call)) {
                    return;
                }
            }
        }
        Isolate fresh = new Isolate(this, contexts, out, () -> {});
        isolates.add(fresh);
        route.accept(fresh);
        fresh.accept(call);
        fresh.start();
    }

    /** By an owner thread: takes no more calls. */
    void remove(Isolate isolate) {
        isolates.remove(isolate);
    }

    /** By an owner thread. */
    void over(HostCall call) {
        over.accept(call);
    }

    /** No call follows. */
    void retire() {
        isolates.forEach(Isolate::retire);
    }
}
