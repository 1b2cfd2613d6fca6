package dev.verge.deploy.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.verge.control.client.FunctionUpload;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.DocumentText;
import dev.verge.sync.binding.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A function as it lies on disk: one file of JavaScript or TypeScript, or a folder with modules (those, JSON, text, WebAssembly, by
 * their names' endings) and a manifest {@code function.yaml} or {@code function.json}: the metadata of the API ({@code main}, {@code limits},
 * {@code vars}…), {@code name} and {@code schedules}. A folder below with a manifest of its own is another function.
 *
 * @param name what the manifest or the file's name suggests
 * @param schedules cron expressions; null when the manifest says nothing of them
 */
record FunctionSources(
        String name, FunctionUpload upload, @Nullable List<String> schedules) {
    private static final List<String> MODULES =
            List.of(".js", ".mjs", ".ts", ".mts", ".json", ".txt", ".html", ".css", ".sql", ".wasm", ".bin");

    /** Files that tools put beside modules. */
    private static final Set<String> NO_MODULES =
            Set.of("function.json", "package.json", "package-lock.json", "tsconfig.json", "jsconfig.json", "deno.json");

    /** For editors: types alone. */
    private static final Pattern DECLARATIONS = Pattern.compile("\\.d\\.m?ts$");

    private static final List<String> MANIFESTS = List.of("function.yaml", "function.json");
    private static final int MOST_MODULES = 1000;
    private static final int DEEPEST = 16;

    /** More than a function may have. */
    private static final long MOST_BYTES = 32L << 20;

    /** @throws CommandFailure of wrong usage when it cannot be read, or failed when the manifest has mistakes */
    static FunctionSources read(Environment environment, Path path) {
        Path resolved = environment.folder().resolve(path).normalize();
        if (!Files.isDirectory(resolved)) {
            String file = String.valueOf(resolved.getFileName());
            ObjectNode metadata = JsonNodeFactory.instance.objectNode().put("main", file);
            return new FunctionSources(
                    file.replaceFirst("\\.m?[jt]s$", ""),
                    new FunctionUpload(
                            Map.of(file, TextFile.read(environment, path).getBytes(StandardCharsets.UTF_8)), metadata),
                    null);
        }
        Path manifest = MANIFESTS.stream()
                .map(resolved::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> CommandFailure.wrongUsage(
                        path + " has no function.yaml; write one with at least `main: FILE`, or name a single file"));
        ObjectNode metadata = manifest(environment, manifest);
        JsonNode name = metadata.remove("name");
        List<String> schedules = schedules(manifest, metadata.remove("schedules"));
        return new FunctionSources(
                name == null ? String.valueOf(resolved.getFileName()) : name.asText(),
                new FunctionUpload(modules(resolved), metadata),
                schedules);
    }

    private static @Nullable List<String> schedules(Path manifest, @Nullable JsonNode written) {
        if (written == null) {
            return null;
        }
        List<String> schedules = new ArrayList<>();
        for (JsonNode schedule : written) {
            schedules.add(schedule.asText());
        }
        if (!written.isArray() || !written.valueStream().allMatch(JsonNode::isTextual)) {
            throw CommandFailure.failed(
                    manifest + ": schedules is no list of texts; write schedules: [\"*/5 * * * *\"]");
        }
        return schedules;
    }

    private static ObjectNode manifest(Environment environment, Path manifest) {
        return switch (DocumentText.parse(TextFile.read(environment, manifest))) {
            case Bound.Valid<JsonNode>(ObjectNode object) -> object.deepCopy();
            case Bound.Valid<JsonNode>(JsonNode other) ->
                throw CommandFailure.failed(manifest + " is no object; write `main: FILE` and more fields as needed");
            case Bound.Invalid<JsonNode>(List<Problem> problems) ->
                throw CommandFailure.failed(
                        manifest + " has " + Problems.count(problems.size()) + Problems.list(problems));
        };
    }

    private static Map<String, byte[]> modules(Path folder) {
        try (Stream<Path> files = Files.walk(folder, DEEPEST)) {
            List<Path> modules = files.filter(Files::isRegularFile)
                    .filter(file -> isModule(folder, folder.relativize(file)))
                    .sorted()
                    .limit(MOST_MODULES + 1L)
                    .toList();
            if (modules.isEmpty() || modules.size() > MOST_MODULES) {
                throw CommandFailure.wrongUsage(folder + " has "
                        + (modules.isEmpty()
                                ? "no module, such as a .js file"
                                : "more than " + MOST_MODULES + " modules"));
            }
            Map<String, byte[]> contents = new LinkedHashMap<>();
            long bytes = 0;
            for (Path module : modules) {
                bytes += Files.size(module);
                if (bytes > MOST_BYTES) {
                    throw CommandFailure.wrongUsage(
                            folder + " has more than " + (MOST_BYTES >> 20) + " MiB of modules");
                }
                contents.put(folder.relativize(module).toString().replace('\\', '/'), Files.readAllBytes(module));
            }
            return contents;
        } catch (IOException e) {
            throw CommandFailure.wrongUsage(folder + " cannot be read: " + e.getMessage());
        }
    }

    /** Hidden folders, installed packages and other functions below are not part of the function. */
    private static boolean isModule(Path folder, Path relative) {
        Path within = folder;
        for (Path part : relative) {
            within = within.resolve(part);
            if (part.toString().startsWith(".")
                    || part.toString().equals("node_modules")
                    || MANIFESTS.stream().map(within::resolve).anyMatch(Files::exists)) {
                return false;
            }
        }
        String name = String.valueOf(relative.getFileName());
        return !NO_MODULES.contains(name)
                && !DECLARATIONS.matcher(name).find()
                && MODULES.stream().anyMatch(name::endsWith);
    }
}
