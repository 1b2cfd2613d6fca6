package dev.verge.deploy.local;

import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.typescript.Compilation;
import dev.verge.sandbox.typescript.Compiler;
import dev.verge.sandbox.typescript.Compiler.Answer;
import dev.verge.sandbox.typescript.Compiler.Question;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.order.OrderRequest;
import dev.verge.sync.order.OrderResult;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compiles TypeScript in the session's own host, in one context that stays warm; modules that are as they were are not compiled again.
 * One thread at a time.
 */
public final class LocalCompiler {
    private static final String NAME = "verge-typescript";

    /** The most that a node lets a function have: enough for the first 1,500 lines in a cold host, for ten times as many in a warm one. */
    private static final FunctionLimits LIMITS = new FunctionLimits(
            Duration.ofSeconds(2),
            Compiler.LIMITS.wall(),
            Compiler.LIMITS.memoryBytes(),
            Compiler.LIMITS.allocatedBytes(),
            Compiler.LIMITS.subrequests(),
            Compiler.LIMITS.concurrentSubrequests(),
            Compiler.LIMITS.logBytes(),
            Duration.ofSeconds(2),
            Compiler.LIMITS.codeBytes());

    private record Known(String text, Answer answer) {}

    private final LocalNode node;
    private final Map<String, Known> known = new HashMap<>();
    private @Nullable Deployed code;

    /** Compiles at this node. */
    public LocalCompiler(LocalNode node) {
        this.node = node;
    }

    /** Compiles what is TypeScript in a function. */
    public Compilation compile(LocalFunction function) {
        Map<String, Known> now = new HashMap<>();
        Compilation compilation = Compiler.compile(function.bundle(), question -> {
                    String place = function.name() + "/" + question.module();
                    Known before = known.get(place);
                    Answer answer =
                            before != null && before.text().equals(question.text()) ? before.answer() : ask(question);
                    now.put(place, new Known(question.text(), answer));
                    return Future.succeededFuture(answer);
                })
                .await();
        known.keySet().removeIf(place -> place.startsWith(function.name() + "/"));
        known.putAll(now);
        return compilation;
    }

    /**
     * Compiles the longest module once more, so that the next save finds a compiler that has been compiled itself.
     *
     * @return whether there was one
     */
    public boolean practise() {
        Optional<Map.Entry<String, Known>> longest = known.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().text().length()));
        longest.ifPresent(entry -> {
            String module = entry.getKey().substring(entry.getKey().indexOf('/') + 1);
            var _ = ask(new Question(
                    module,
                    "https://practice.invalid/" + module,
                    entry.getValue().text()));
        });
        return longest.isPresent();
    }

    private Answer ask(Question question) {
        byte[] text = question.text().getBytes(StandardCharsets.UTF_8);
        if (text.length > OrderRequest.MAX_BODY_BYTES) {
            return Answer.none("it is longer than " + OrderRequest.MAX_BODY_BYTES + " bytes");
        }
        OrderResult result = HostWait.until(() -> node.invoke(NAME, code(), question.url(), text));
        if (!result.outcome().equals("ok") || result.truncated()) {
            return Answer.none(
                    result.truncated() ? "what it becomes is too long" : "the compiler ended as " + result.outcome());
        }
        return new Answer(
                result.status(), new String(Base64.getDecoder().decode(result.body()), StandardCharsets.UTF_8));
    }

    /** One version for the whole session, so that its context stays. */
    private Deployed code() {
        Deployed made = code;
        if (made == null) {
            FunctionBundle bundle = Compiler.function();
            FunctionManifest manifest =
                    FunctionManifest.defaults().withMain(bundle.main()).withLimits(LIMITS);
            made = node.deployed(new LocalFunction(NAME, bundle, manifest, Map.of(), List.of()));
            code = made;
        }
        return made;
    }
}
