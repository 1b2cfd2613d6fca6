package dev.verge.control.function;

import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.sandbox.FunctionBundle;
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
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A pushed function, as it came.
 *
 * @param bundle its modules
 * @param manifest its metadata
 */
record Push(FunctionBundle bundle, FunctionManifest manifest) {
    private static final String METADATA = "metadata";
    private static final int MOST_PARTS = FunctionBundle.MAX_MODULES + 1;

    /** Reads one module ({@code application/javascript}), or metadata with modules ({@code multipart/form-data}). */
    static Push read(Call call) {
        return switch (call.mediaType()) {
            case "application/javascript", "text/javascript", "application/javascript+module" ->
                new Push(bundle("main.js", Map.of("main.js", call.body())), FunctionManifest.defaults());
            case "multipart/form-data" -> multipart(call);
            default ->
                throw Problems.unsupportedType(
                        call.mediaType(), "application/javascript, or multipart/form-data with metadata and modules");
        };
    }

    private static Push multipart(Call call) {
        Map<String, byte[]> parts = parts(call);
        byte[] metadata = parts.remove(METADATA);
        FunctionManifest manifest = metadata == null
                ? FunctionManifest.defaults()
                : Call.value(FunctionManifest.read(new String(metadata, StandardCharsets.UTF_8)));
        if (parts.isEmpty()) {
            throw Problems.malformed(
                    "The form holds no module; send each as a part that is named like the module, as main.js.");
        }
        return new Push(bundle(manifest.main(), parts), manifest);
    }

    private static FunctionBundle bundle(String main, Map<String, byte[]> modules) {
        try {
            return FunctionBundle.of(main, modules);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            int colon = message.indexOf(": ");
            throw Problems.mistake(
                    colon < 0 ? "modules" : message.substring(0, colon),
                    "",
                    colon < 0 ? message : message.substring(colon + 2),
                    "push modules with plain relative names, and name the main one in metadata.main");
        }
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
