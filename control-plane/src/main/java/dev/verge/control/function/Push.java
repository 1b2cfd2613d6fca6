package dev.verge.control.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionCeilings;
import dev.verge.sync.binding.Attempt;
import dev.verge.sync.binding.DocumentText;
import dev.verge.sync.binding.Paths;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.document.FunctionManifest;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.HttpData;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pushed function, as it came.
 *
 * @param bundle its modules
 * @param manifest its metadata
 */
record Push(FunctionBundle bundle, FunctionManifest manifest) {
    private static final String METADATA = "metadata";
    private static final int SHOWN_MODULES = 5;
    private static final int MOST_PARTS = FunctionBundle.MAX_MODULES + 1;

    /**
     * Reads one module ({@code application/javascript} or {@code application/typescript}), or metadata with modules ({@code multipart/form-data}). Ends the call with
     * every mistake in it, those included that {@code around} finds between the metadata and what else the account has.
     *
     * @param ceilings of the account; limits that the metadata does not name keep to them
     */
    static Push read(Call call, FunctionCeilings ceilings, Function<FunctionManifest, List<Problem>> around) {
        return switch (call.mediaType()) {
            case "application/javascript", "text/javascript", "application/javascript+module" ->
                one("main.js", call, ceilings, around);
            case "application/typescript", "text/typescript" -> one("main.ts", call, ceilings, around);
            case "multipart/form-data" -> multipart(call, ceilings, around);
            default ->
                throw Problems.unsupportedType(
                        call.mediaType(),
                        "application/javascript or application/typescript, or multipart/form-data with metadata and modules");
        };
    }

    private static Push one(
            String main, Call call, FunctionCeilings ceilings, Function<FunctionManifest, List<Problem>> around) {
        return checked(plain(ceilings).withMain(main), Map.of(main, call.body()), List.of(), around);
    }

    private static FunctionManifest plain(FunctionCeilings ceilings) {
        return Allowance.defaulted(ceilings, FunctionManifest.defaults(), MissingNode.getInstance());
    }

    private static Push multipart(
            Call call, FunctionCeilings ceilings, Function<FunctionManifest, List<Problem>> around) {
        Map<String, byte[]> parts = parts(call);
        byte[] metadata = parts.remove(METADATA);
        if (parts.isEmpty() && metadata == null) {
            throw Problems.malformed(
                    "The form holds no module; send each as a part that is named like the module, as main.js.");
        }
        if (metadata == null) {
            return checked(plain(ceilings), parts, List.of(), around);
        }
        JsonNode tree = Call.value(DocumentText.parse(new String(metadata, StandardCharsets.UTF_8)));
        Attempt<FunctionManifest> attempt = FunctionManifest.attempt(tree);
        FunctionManifest manifest = attempt.value();
        return checked(
                manifest == null ? null : Allowance.defaulted(ceilings, manifest, tree),
                parts,
                attempt.problems(),
                around);
    }

    private static Push checked(
            @Nullable FunctionManifest manifest,
            Map<String, byte[]> modules,
            List<Problem> before,
            Function<FunctionManifest, List<Problem>> around) {
        List<Problem> problems = new ArrayList<>(before);
        boolean named = !modules.isEmpty();
        if (!named) {
            problems.add(new Problem(
                    "modules",
                    "",
                    "at least one module",
                    "send each as a part that is named like the module, as main.js"));
        }
        for (String name : modules.keySet()) {
            if (!FunctionBundle.isModuleName(name)) {
                named = false;
                problems.add(new Problem(
                        Paths.field("modules", name),
                        "",
                        "a plain relative path of at most " + FunctionBundle.MAX_NAME_LENGTH
                                + " characters: letters, digits, _ @ . + - in parts between slashes",
                        "rename the module"));
            }
        }
        if (manifest != null) {
            if (!modules.isEmpty() && !modules.containsKey(manifest.main())) {
                named = false;
                problems.add(new Problem(
                        "main",
                        manifest.main(),
                        "the name of a module that comes along",
                        "push that module too, or name one of " + String.join(", ", some(modules.keySet()))));
            }
            around.apply(manifest).stream()
                    .filter(problem -> !problems.contains(problem))
                    .forEach(problems::add);
        }
        if (manifest != null && named && problems.isEmpty()) {
            try {
                return new Push(FunctionBundle.of(manifest.main(), modules), manifest);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("modules", "", String.valueOf(e.getMessage()), "push less code"));
            }
        }
        throw Problems.mistakes(problems);
    }

    private static List<String> some(Set<String> names) {
        return names.stream().limit(SHOWN_MODULES).toList();
    }

    /** The form's parts by name. All in memory: the call's body is, and its size is bounded. */
    private static Map<String, byte[]> parts(Call call) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(call.body()));
        request.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, call.header("Content-Type").orElse(""));
        DefaultHttpDataFactory memory = new DefaultHttpDataFactory(false);
        HttpPostMultipartRequestDecoder decoder = null;
        try {
            decoder = new HttpPostMultipartRequestDecoder(
                    memory, request, StandardCharsets.UTF_8, MOST_PARTS, Integer.MAX_VALUE);
            Map<String, byte[]> parts = new LinkedHashMap<>();
            for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
                if (!(part instanceof HttpData data)) {
                    throw Problems.malformed("The part " + part.getName() + " is neither a field nor a file.");
                }
                if (parts.putIfAbsent(part.getName(), data.get()) != null) {
                    throw Problems.malformed("The part " + part.getName() + " stands twice in the form.");
                }
            }
            return parts;
        } catch (HttpPostRequestDecoder.ErrorDataDecoderException
                | HttpPostRequestDecoder.TooManyFormFieldsException
                | HttpPostRequestDecoder.TooLongFormFieldException e) {
            throw Problems.malformed("The body is no complete multipart form of at most " + MOST_PARTS + " parts.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (decoder != null) {
                decoder.destroy();
            }
            request.release();
        }
    }
}
