package dev.verge.deploy.scaffold;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A project to begin with. */
public enum Template {
    HELLO("hello", "answers with a greeting: the smallest function there is", "main.js"),
    TYPESCRIPT("typescript", "answers in the visitor's language, written in TypeScript", "main.ts", "lib/languages.ts"),
    API_COMPOSITION(
            "api-composition", "one JSON answer out of three origins, asked at the same time", "main.js", "lib/ask.js"),
    HTML_REWRITE("html-rewrite", "changes pages of the origin while they stream", "main.js", "banner.html"),
    AB_TEST("ab-test", "shows part of the visitors another variant, always the same one", "main.js", "lib/visitor.js"),
    AUTH_GATE("auth-gate", "lets through who holds a valid JSON Web Token", "main.js", "lib/jwt.js"),
    EVENT_HANDLER(
            "event-handler",
            "takes signed events with images, works after the answer, sums up on a schedule",
            "main.js",
            "lib/image.js",
            "lib/signature.js"),
    MAP_REDUCE(
            "map-reduce",
            "analytics: maps the parts of a log at the same time, and reduces what they found",
            "main.js",
            "lib/split.js",
            "lib/reduce.js",
            "worker/function.yaml",
            "worker/map.js"),
    MULTI_TENANT(
            "multi-tenant",
            "one service for many tenants, by host or path, each with its own data",
            "main.js",
            "lib/tenant.js");

    private static final String FOLDER = "common";

    /** In every project: its metadata, how to run it, and what its editor needs. */
    private static final List<String> PROJECT = List.of("function.yaml", "README.md");

    private static final String TYPES = "verge.d.ts";

    /** The same file that the console completes names from. */
    private static final String TYPES_FOLDER = "/console/lib";

    private static final String EDITOR = "tsconfig.json";

    private static final String NAME = "{{name}}";

    private final String id;
    private final String does;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> modules;

    Template(String id, String does, String... modules) {
        this.id = id;
        this.does = does;
        this.modules = List.of(modules);
    }

    /** As users write it. */
    public String id() {
        return id;
    }

    /** What its function does, one phrase. */
    public String does() {
        return does;
    }

    /** Finds one by what users write. */
    public static Optional<Template> find(String id) {
        return Arrays.stream(values())
                .filter(template -> template.id.equals(id))
                .findFirst();
    }

    /** The project's files, relative paths with slashes and their contents, for a function of that name. */
    public Map<String, String> files(String name) {
        Map<String, String> files = new LinkedHashMap<>();
        PROJECT.forEach(file -> files.put(file, read(id, file).replace(NAME, name)));
        modules.forEach(file -> files.put(file, read(id, file).replace(NAME, name)));
        files.put(TYPES, read(TYPES_FOLDER, TYPES));
        files.put(EDITOR, read(FOLDER, EDITOR));
        return files;
    }

    private static String read(String folder, String file) {
        try (InputStream content = Template.class.getResourceAsStream(folder + "/" + file)) {
            if (content == null) {
                throw new IllegalStateException("the distribution lacks the template file " + folder + "/" + file);
            }
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
