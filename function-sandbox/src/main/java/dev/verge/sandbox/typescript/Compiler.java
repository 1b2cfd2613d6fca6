package dev.verge.sandbox.typescript;

import dev.verge.sandbox.CheckResult.CodeError;
import dev.verge.sandbox.CheckResult.Kind;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionLimits;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Compiles bundles by calling the compiler's function, one module at a time. */
public final class Compiler {
    /**
     * What the function may use for one module, and the first one what the start leaves besides. Twice as long on the clock: a module that
     * takes too much is to end by its processor time, which is its author's mistake, on a busy machine as well.
     */
    public static final FunctionLimits LIMITS = new FunctionLimits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(26),
            FunctionLimits.DEFAULT.memoryBytes(),
            4L << 30,
            0,
            1,
            FunctionLimits.DEFAULT.logBytes(),
            Duration.ofSeconds(3),
            FunctionLimits.DEFAULT.codeBytes());

    private static final int OK = 200;
    private static final int MISTAKE = 400;
    private static final int MAX_ERRORS = 20;
    private static final String URL = "https://typescript.invalid/";

    /**
     * A call of the function.
     *
     * @param module the module's name
     * @param url that the request is for
     * @param text of the module, the request's body
     */
    public record Question(String module, String url, String text) {}

    /**
     * Its response.
     *
     * @param status 0 when the function did not answer
     * @param body all of it; without an answer, why
     */
    public record Answer(int status, String body) {
        /** There was none. */
        public static Answer none(String why) {
            return new Answer(0, why);
        }
    }

    private Compiler() {}

    /** The function's own code. */
    public static FunctionBundle function() {
        return FunctionBundle.of(
                "main.js", Map.of("main.js", resource("main.js"), "sucrase.js", resource("sucrase.js")));
    }

    private static byte[] resource(String file) {
        try (InputStream in = Compiler.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks " + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles what is TypeScript in a bundle, each module through {@code ask}; all its mistakes are told at once. */
    public static Future<Compilation> compile(FunctionBundle bundle, Function<Question, Future<Answer>> ask) {
        List<String> sources = TypeScript.authored(bundle).stream()
                .filter(TypeScript::isSource)
                .toList();
        List<CodeError> errors = new ArrayList<>(taken(bundle));
        Map<String, byte[]> modules = new HashMap<>();
        bundle.moduleNames().forEach(name -> modules.put(name, bundle.module(name)));
        Future<Void> steps = Future.succeededFuture();
        for (String source : errors.isEmpty() ? sources : List.<String>of()) {
            steps = steps.compose(before -> errors.size() >= MAX_ERRORS
                    ? Future.succeededFuture()
                    : ask.apply(new Question(
                                    source, URL + source, new String(bundle.module(source), StandardCharsets.UTF_8)))
                            .map(answer -> {
                                take(source, answer, modules, errors);
                                return null;
                            }));
        }
        return steps.map(nothing -> whole(bundle, modules, sources, errors));
    }

    private static Compilation whole(
            FunctionBundle bundle, Map<String, byte[]> modules, List<String> sources, List<CodeError> errors) {
        if (!errors.isEmpty()) {
            return new Compilation.Refused(errors);
        }
        if (sources.isEmpty()) {
            return new Compilation.Done(bundle);
        }
        try {
            return new Compilation.Done(FunctionBundle.of(bundle.main(), modules));
        } catch (IllegalArgumentException tooMuch) {
            return new Compilation.Refused(List.of(
                    new CodeError(Kind.TOO_LARGE, "", 0, 0, "With what was compiled: " + tooMuch.getMessage())));
        }
    }

    /** Names that what is compiled would have. */
    private static List<CodeError> taken(FunctionBundle bundle) {
        List<CodeError> taken = new ArrayList<>();
        for (String name : bundle.moduleNames()) {
            if (TypeScript.isMade(name)) {
                taken.add(new CodeError(
                        Kind.UNSUPPORTED,
                        name,
                        0,
                        0,
                        "This name is kept for what is compiled from TypeScript; give the module another name"));
            }
        }
        return taken;
    }

    private static void take(String source, Answer answer, Map<String, byte[]> modules, List<CodeError> errors) {
        String body = answer.body();
        switch (answer.status()) {
            case OK -> {
                int line = body.indexOf('\n');
                String map = TypeScript.map(source);
                String code = body.substring(line + 1) + "\n//# sourceMappingURL="
                        + map.substring(map.lastIndexOf('/') + 1) + "\n";
                modules.put(TypeScript.compiled(source), code.getBytes(StandardCharsets.UTF_8));
                modules.put(map, body.substring(0, Math.max(0, line)).getBytes(StandardCharsets.UTF_8));
            }
            case MISTAKE -> errors.add(mistake(source, body));
            default ->
                errors.add(new CodeError(
                        Kind.TOO_LARGE,
                        source,
                        0,
                        0,
                        "Takes more to compile than a push may use (" + firstLine(body)
                                + "): push smaller modules, or what your own tools have compiled"));
        }
    }

    /** {@code LINE COLUMN what is wrong}. */
    private static CodeError mistake(String source, String body) {
        String[] parts = body.split(" ", 3);
        String message = firstLine(parts.length < 3 ? body : parts[2]);
        Kind kind = message.contains("not supported") ? Kind.UNSUPPORTED : Kind.SYNTAX;
        return new CodeError(
                kind,
                source,
                number(parts[0]),
                number(parts.length < 2 ? "" : parts[1]),
                kind == Kind.SYNTAX ? "SyntaxError: " + message : message);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }
}
