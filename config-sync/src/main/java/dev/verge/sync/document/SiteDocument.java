package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.verge.balancer.options.PoolOptions;
import dev.verge.cache.options.CacheOptions;
import dev.verge.sync.binding.Attempt;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.DocumentText;
import dev.verge.sync.binding.JsonSchema;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.binding.ReferenceTable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A site: its hosts, where its content comes from, how it is cached, and its rules. */
public record SiteDocument(
        @JsonPropertyDescription("Name of the site, unique in the account.")
        @Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE)
        String site,

        @JsonPropertyDescription("Hosts that it answers for: names, one leading \"*.\", localhost, or addresses.")
        @Size(min = 1, max = 1_000)
        List<HostPattern> hosts,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("How it is served over TLS.")
        TlsOptions tls,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Pools of origins by name.") @Size(max = 200)
        Map<@Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE) String, PoolOptions> pools,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("What is cached, and how long.")
        CacheOptions cache,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("Functions that the rules may run, by the name used there.")
        @Size(max = 200)
        Map<@Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE) String, FunctionUse> functions,

        @JsonPropertyDescription("Pool of requests that no rule sends elsewhere; required with more than one pool.")
        @Nullable
        String defaultPool,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Who may see how a request was handled.")
        DebugOptions debug,

        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription("Rules, first match first in each phase.")
        @Size(max = 1_000)
        List<Rule> rules,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("Pages for errors made by the node, by status.")
        @Size(max = 100)
        Map<@Min(400) @Max(599) Integer, ErrorPage> errorPages,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("Which nodes serve the site; all of them when empty.")
        Placement placement) {

    /** What names of sites, pools and functions look like. */
    public static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    /** The same in words. */
    public static final String NAME_RULE = "a name of lower-case letters, digits and hyphens, at most 63";

    public SiteDocument {
        if (defaultPool == null && pools.size() == 1) {
            defaultPool = pools.keySet().iterator().next();
        }
    }

    /** Reads a document, YAML or JSON, and checks it: one field by itself, and how they fit together. */
    public static Bound<SiteDocument> read(String text) {
        return DocumentText.parse(text).then(SiteDocument::read);
    }

    /** Reads a parsed document. */
    public static Bound<SiteDocument> read(JsonNode node) {
        Attempt<SiteDocument> attempt = Binder.standard().attempt(node, SiteDocument.class);
        List<Problem> problems = new ArrayList<>(attempt.problems());
        problems.addAll(new SiteChecks(node, attempt).run());
        SiteDocument document = attempt.value();
        if (problems.isEmpty() && document != null) {
            return new Bound.Valid<>(document);
        }
        return new Bound.Invalid<>(problems);
    }

    /** The JSON Schema of site documents. */
    public static ObjectNode schema() {
        return JsonSchema.of(SiteDocument.class, "https://verge.dev/schema/site.json");
    }

    /** The reference of site documents as a Markdown table. */
    public static String reference() {
        return ReferenceTable.markdown(SiteDocument.class);
    }
}
