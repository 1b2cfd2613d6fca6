package dev.verge.deploy.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.DocumentText;
import dev.verge.sync.binding.Problem;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the settings file that a process is started with. */
final class ConfigFile {
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(\\.\\d{1,9})?");

    private ConfigFile() {}

    /** @throws CommandFailure for an unreadable file, or naming every mistake in it, one a line */
    static <T> T read(Environment environment, Path file, Class<T> settings) {
        return read(environment, file, settings, Map.of());
    }

    /**
     * The same with some settings from elsewhere, so that many machines can share one file.
     *
     * @param instead text values by the path of their fields ({@code controlPlane.tokenFile}); they stand above the file's
     */
    static <T> T read(Environment environment, Path file, Class<T> settings, Map<String, String> instead) {
        String text = TextFile.read(environment, file);
        Bound<T> bound = DocumentText.parse(text).then(document -> {
            instead.forEach((path, value) -> set(document, path, value));
            Bound<T> asText = Binder.standard().bind(document, settings);
            return asText instanceof Bound.Invalid<T>(List<Problem> problems) && numbers(document, instead, problems)
                    ? Binder.standard().bind(document, settings)
                    : asText;
        });
        return switch (bound) {
            case Bound.Valid<T>(T value) -> value;
            case Bound.Invalid<T>(List<Problem> problems) ->
                throw CommandFailure.failed(file + " has " + Problems.count(problems.size()) + Problems.list(problems));
        };
    }

    /** Makes numbers of those texts that cannot stay texts; whether there are any. */
    private static boolean numbers(JsonNode document, Map<String, String> instead, List<Problem> problems) {
        boolean any = false;
        for (Problem problem : problems) {
            String value = instead.get(problem.path());
            if (value != null && NUMBER.matcher(value).matches()) {
                String pointer = "/" + problem.path().replace('.', '/');
                int end = pointer.lastIndexOf('/');
                if (document.at(pointer.substring(0, end)) instanceof ObjectNode group) {
                    String name = pointer.substring(end + 1);
                    if (value.indexOf('.') < 0) {
                        group.put(name, Long.parseLong(value));
                    } else {
                        group.put(name, new BigDecimal(value));
                    }
                    any = true;
                }
            }
        }
        return any;
    }

    /** Puts one text, or true or false, where the path leads, and makes what is missing on the way; what is in the way stays, and is told by the binder. */
    private static void set(JsonNode document, String path, String value) {
        String[] names = path.split("\\.", -1);
        JsonNode at = document;
        for (int i = 0; i < names.length - 1 && at instanceof ObjectNode object; i++) {
            at = object.has(names[i]) ? object.get(names[i]) : object.putObject(names[i]);
        }
        if (!(at instanceof ObjectNode last)) {
            throw CommandFailure.wrongUsage("--set " + path + ": the file has no group of settings of that name");
        }
        String name = names[names.length - 1];
        switch (value) {
            case "true" -> last.put(name, true);
            case "false" -> last.put(name, false);
            default -> last.put(name, value);
        }
    }

    /** A start that failed for a known reason says so in one line; anything else stays as it is. */
    static <T> Future<T> refusal(Throwable failure, Class<? extends RuntimeException> known) {
        return Future.failedFuture(
                known.isInstance(failure) ? CommandFailure.failed(String.valueOf(failure.getMessage())) : failure);
    }
}
