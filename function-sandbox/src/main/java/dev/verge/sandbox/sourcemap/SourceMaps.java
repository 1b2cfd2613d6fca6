package dev.verge.sandbox.sourcemap;

import dev.verge.sandbox.CheckResult.CodeError;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.typescript.TypeScript;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The maps of a function's modules, read when a stack first needs them. A module names its map in its last line ({@code //#
 * sourceMappingURL=}): as a {@code data:} URL, or as another module of the bundle. What TypeScript was compiled to has the latter. Safe for use from any thread.
 */
public final class SourceMaps {
    /** Longest map that is read, in characters. */
    static final int MAX_MAP_CHARACTERS = 8 << 20;

    private static final String COMMENT = "//# sourceMappingURL=";

    private static final Pattern FRAME =
            Pattern.compile("(?m)^([ \\t]*at (?:[^\\n]*\\()?)([^\\s()]+):(\\d{1,9}):(\\d{1,9})(\\)?)$");
    private static final int MAX_FRAMES = 100;

    private final FunctionBundle bundle;
    private final Map<String, Optional<SourceMap>> maps = new ConcurrentHashMap<>();

    public SourceMaps(FunctionBundle bundle) {
        this.bundle = bundle;
    }

    /** An exception's text with the places of its stack as they are in the sources; what is not mapped stays. */
    public String mapped(String text) {
        if (!text.contains("\n")) {
            return text;
        }
        Matcher frame = FRAME.matcher(text);
        StringBuilder out = new StringBuilder(text.length() + 64);
        int frames = 0;
        int last = 0;
        while (frames++ < MAX_FRAMES && frame.find()) {
            Optional<SourceMap> map = map(frame.group(2));
            SourceMap.Place place = map.isPresent()
                    ? map.get().find(Integer.parseInt(frame.group(3)), Integer.parseInt(frame.group(4)))
                    : null;
            if (place != null) {
                out.append(text, last, frame.start());
                out.append(frame.group(1)).append(place.source()).append(':').append(place.line());
                out.append(':').append(place.column()).append(frame.group(5));
                last = frame.end();
            }
        }
        return out.append(text, last, text.length()).toString();
    }

    /** A mistake, if there is one, with its place as it is in the sources; one that is not mapped stays. */
    public @Nullable CodeError mapped(@Nullable CodeError error) {
        SourceMap.Place place = error == null || error.line() == 0
                ? null
                : map(error.module())
                        .map(map -> map.find(error.line(), Math.max(1, error.column())))
                        .orElse(null);
        return error == null || place == null
                ? error
                : new CodeError(error.kind(), place.source(), place.line(), place.column(), error.message());
    }

    private Optional<SourceMap> map(String module) {
        return maps.computeIfAbsent(module, this::read);
    }

    private Optional<SourceMap> read(String module) {
        try {
            String read = TypeScript.isSource(module) ? TypeScript.compiled(module) : module;
            String code = new String(bundle.module(read), StandardCharsets.UTF_8);
            int comment = code.lastIndexOf(COMMENT);
            if (comment < 0) {
                return Optional.empty();
            }
            String url = code.substring(comment + COMMENT.length())
                    .lines()
                    .findFirst()
                    .orElse("")
                    .strip();
            String json = url.startsWith("data:")
                    ? inline(url)
                    : new String(bundle.module(beside(module, url)), StandardCharsets.UTF_8);
            return json.length() > MAX_MAP_CHARACTERS ? Optional.empty() : Optional.of(SourceMap.parse(json));
        } catch (IllegalArgumentException noMap) {
            // A map that cannot be read is no reason to say less of the exception.
            return Optional.empty();
        }
    }

    private static String inline(String url) {
        int comma = url.indexOf(',');
        if (comma < 0 || !url.substring(0, comma).endsWith(";base64")) {
            throw new IllegalArgumentException("a map's data URL is in base64");
        }
        return new String(Base64.getDecoder().decode(url.substring(comma + 1)), StandardCharsets.UTF_8);
    }

    private static String beside(String module, String name) {
        int slash = module.lastIndexOf('/');
        String plain = name.startsWith("./") ? name.substring(2) : name;
        return slash < 0 ? plain : module.substring(0, slash + 1) + plain;
    }
}
