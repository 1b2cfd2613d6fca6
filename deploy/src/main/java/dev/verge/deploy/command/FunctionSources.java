package dev.verge.deploy.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.verge.control.client.FunctionUpload;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.DocumentText;
import dev.verge.sync.binding.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A function as it lies on disk: one JavaScript file, or a folder with modules ({@code .js}, {@code .mjs}) and a manifest
 * {@code function.yaml} or {@code function.json}: the metadata of the API ({@code main}, {@code limits}, {@code vars}…) and
 * {@code name}.
 *
 * @param name what the manifest or the file's name suggests
 */
record FunctionSources(String name, FunctionUpload upload) {
    private static final List<String> MANIFESTS = List.of("function.yaml", "function.json");
    private static final int MOST_MODULES = 1000;
    private static final int DEEPEST = 16;

    /** @throws CommandFailure of wrong usage when it cannot be read, or failed when the manifest has mistakes */
    static FunctionSources read(Environment environment, Path path) {
        Path resolved = environment.folder().resolve(path).normalize();
        if (!Files.isDirectory(resolved)) {
            String file = String.valueOf(resolved.getFileName());
            ObjectNode metadata = JsonNodeFactory.instance.objectNode().put("main", file);
            return new FunctionSources(
                    file.replaceFirst("\\.m?js$", ""),
                    new FunctionUpload(Map.of(file, TextFile.read(environment, path)), metadata));
        }
        Path manifest = MANIFESTS.stream()
                .map(resolved::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> CommandFailure.wrongUsage(
                        path + " has no function.yaml; write one with at least `main: FILE`, or name a single file"));
        ObjectNode metadata = manifest(environment, manifest);
        JsonNode name = metadata.remove("name");
        return new FunctionSources(
                name == null ? String.valueOf(resolved.getFileName()) : name.asText(),
                new FunctionUpload(modules(environment, resolved), metadata));
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

    private static Map<String, String> modules(Environment environment, Path folder) {
        try (Stream<Path> files = Files.walk(folder, DEEPEST)) {
            List<Path> modules = files.filter(Files::isRegularFile)
                    .filter(file -> isModule(folder.relativize(file)))
                    .sorted()
                    .limit(MOST_MODULES + 1L)
                    .toList();
            if (modules.isEmpty() || modules.size() > MOST_MODULES) {
                throw CommandFailure.wrongUsage(folder + " has "
                        + (modules.isEmpty() ? "no .js or .mjs file" : "more than " + MOST_MODULES + " modules"));
            }
            Map<String, String> texts = new LinkedHashMap<>();
            for (Path module : modules) {
                texts.put(folder.relativize(module).toString().replace('\\', '/'), TextFile.read(environment, module));
            }
            return texts;
        } catch (IOException e) {
            throw CommandFailure.wrongUsage(folder + " cannot be read: " + e.getMessage());
        }
    }

    /** Hidden folders and installed packages are not part of the function. */
    private static boolean isModule(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".") || part.toString().equals("node_modules")) {
                return false;
            }
        }
        String name = relative.toString();
        return name.endsWith(".js") || name.endsWith(".mjs");
    }
}
