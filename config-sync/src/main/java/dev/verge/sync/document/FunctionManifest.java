package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sync.binding.Attempt;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.DocumentText;
import dev.verge.sync.binding.Paths;
import dev.verge.sync.binding.Problem;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** How a version of a function is run: the metadata that comes along with its modules. */
public record FunctionManifest(
        @JsonProperty(defaultValue = "main.js")
        @JsonPropertyDescription("Module with the handlers: JavaScript, or TypeScript (`.ts`, `.mts`).")
        @Size(min = 1, max = 200)
        String main,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("What one invocation may use.")
        FunctionLimits limits,

        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription("Hosts that it may fetch from: names, or *. and a name.")
        @Size(max = 100)
        List<HostPattern> egress,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("Key-value namespaces by the name in `env`.")
        @Size(max = 50)
        Map<
                        @Pattern(regexp = BINDING, message = BINDING_RULE) String,
                        @Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE) String>
                kv,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("Functions of the account by the name in `env`.")
        @Size(max = 50)
        Map<
                        @Pattern(regexp = BINDING, message = BINDING_RULE) String,
                        @Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE) String>
                services,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("Plain values by their name in `env`.")
        @Size(max = 100)
        Map<@Pattern(regexp = BINDING, message = BINDING_RULE) String, @Size(max = 5_120) String> vars,

        @JsonProperty(defaultValue = "process")
        @JsonPropertyDescription(
                "`process`: in a process of its account's own. `shared`: in one process for such functions of all accounts, which"
                        + " needs an operator's token and functions.allowShared on the nodes.")
        Isolation isolation,

        @JsonProperty(defaultValue = "true")
        @JsonPropertyDescription("Whether the new version takes the traffic at once.")
        boolean activate) {

    private static final String BINDING = "[A-Za-z_][A-Za-z0-9_]{0,63}";
    private static final String BINDING_RULE = "a name of letters, digits and _, not beginning with a digit";

    /** Where it runs. */
    public enum Isolation {
        PROCESS,
        SHARED
    }

    /** The manifest of a function that comes without metadata. */
    public static FunctionManifest defaults() {
        return new FunctionManifest(
                "main.js", FunctionLimits.DEFAULT, List.of(), Map.of(), Map.of(), Map.of(), Isolation.PROCESS, true);
    }

    /** Reads metadata, JSON or YAML. */
    public static Bound<FunctionManifest> read(String text) {
        return DocumentText.parse(text).then(FunctionManifest::read);
    }

    /** Reads parsed metadata. */
    public static Bound<FunctionManifest> read(JsonNode node) {
        Attempt<FunctionManifest> attempt = attempt(node);
        FunctionManifest manifest = attempt.value();
        return attempt.problems().isEmpty() && manifest != null
                ? new Bound.Valid<>(manifest)
                : new Bound.Invalid<>(attempt.problems());
    }

    /** Reads parsed metadata as far as that goes, with every mistake in it. */
    public static Attempt<FunctionManifest> attempt(JsonNode node) {
        Attempt<FunctionManifest> attempt = Binder.standard().attempt(node, FunctionManifest.class);
        List<Problem> problems = new ArrayList<>(attempt.problems());
        FunctionManifest manifest = attempt.value();
        if (manifest != null) {
            problems.addAll(manifest.nameMistakes(Map.of(), Set.of()));
        }
        return new Attempt<>(manifest, List.copyOf(problems), attempt.places());
    }

    /** The same with another main module. */
    public FunctionManifest withMain(String value) {
        return new FunctionManifest(value, limits, egress, kv, services, vars, isolation, activate);
    }

    /** The same with other limits. */
    public FunctionManifest withLimits(FunctionLimits value) {
        return new FunctionManifest(main, value, egress, kv, services, vars, isolation, activate);
    }

    /** The same with other vars. */
    public FunctionManifest withVars(Map<String, String> value) {
        return new FunctionManifest(main, limits, egress, kv, services, value, isolation, activate);
    }

    /** Whether it runs in the process for the functions of all accounts. */
    public boolean shared() {
        return isolation == Isolation.SHARED;
    }

    /**
     * What stands in the way of all names in {@code env} together: each is of one thing only.
     *
     * @param more values that stand above {@code vars}, by name
     * @param secrets names of secrets
     */
    public List<Problem> nameMistakes(Map<String, String> more, Set<String> secrets) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> taken = new HashMap<>();
        take("kv", kv.keySet(), taken, problems);
        take("services", services.keySet(), taken, problems);
        take("secrets", secrets, taken, problems);
        Set<String> values = new TreeSet<>(vars.keySet());
        values.addAll(more.keySet());
        take("vars", values, taken, problems);
        return problems;
    }

    private static void take(String kind, Set<String> names, Map<String, String> taken, List<Problem> problems) {
        for (String name : names) {
            String before = taken.putIfAbsent(name, kind);
            if (before != null) {
                problems.add(new Problem(
                        Paths.field(kind, name),
                        "",
                        "a name in env that only one thing has; " + before + " has it too",
                        "rename one of the two"));
            } else if (name.equals("__proto__")) {
                problems.add(new Problem(
                        Paths.field(kind, name), "", "a name that JavaScript does not use itself", "rename it"));
            }
        }
    }
}
