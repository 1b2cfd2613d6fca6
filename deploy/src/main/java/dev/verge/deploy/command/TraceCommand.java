package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.SiteSummary;
import dev.verge.control.resource.TraceRequest;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.order.SiteTrace;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge trace}: what a node would do with a request. */
@Command(
        name = "trace",
        description = {
            "Shows what a node would do with a request: which rules match, why the others do not, what its cache decides at this moment and"
                    + " by which section of which RFC, and between which origins it would choose.",
            "Nothing is sent to an origin, run, or taken from a rate limit."
        },
        footer = {
            "",
            "Example:",
            "  verge trace http://localhost:8080/hello",
            "  verge trace https://shop.example/api/cart --method POST -H 'Cookie: session=1' --ip 192.0.2.7"
        })
final class TraceCommand extends ApiCommand {
    @Parameters(paramLabel = "URL", description = "Absolute URL of one of your sites; its port does not matter.")
    private String url = "";

    @Option(names = "--site", paramLabel = "SITE", description = "The site (default: the one that has the URL's host).")
    private @Nullable String site;

    @Option(
            names = "--method",
            paramLabel = "M",
            defaultValue = "GET",
            description = "Method (default: ${DEFAULT-VALUE}).")
    private String method = "";

    @Option(
            names = {"-H", "--header"},
            paramLabel = "FIELD",
            description = "A header field, NAME: VALUE.")
    private List<String> headers = List.of();

    @Option(names = "--ip", paramLabel = "ADDRESS", description = "The client's address (default: loopback).")
    private @Nullable String ip;

    @Option(
            names = "--status",
            paramLabel = "N",
            defaultValue = "200",
            description = "Status of the origin's response, for the rules about it (default: ${DEFAULT-VALUE}).")
    private int status;

    @Override
    int run(ApiClient client, Output output) {
        String owner = site != null ? site : owner(client);
        SiteTrace trace = await(client.traceSite(owner, new TraceRequest(url, method, fields(), ip, status)));
        output.value(trace);
        output.line(trace.method() + " " + trace.scheme() + "://" + trace.host() + trace.target() + "  site "
                + trace.site() + ", version " + trace.version());
        for (SiteTrace.RuleStep step : trace.rules()) {
            output.line("  " + step.phase() + "  " + step.rule() + "  "
                    + switch (step.result()) {
                        case "matched" -> output.colour(Output.Colour.GREEN, "matched");
                        case "skipped" -> output.colour(Output.Colour.YELLOW, "skipped");
                        default -> step.result();
                    }
                    + (step.why().isEmpty() ? "" : ": " + step.why()));
        }
        plan(trace).forEach((name, value) -> output.line(name + ": " + value));
        return 0;
    }

    private static Map<String, String> plan(SiteTrace trace) {
        Map<String, String> plan = new LinkedHashMap<>();
        put(plan, "rate limits", trace.rateLimits());
        plan.put("ends with", ending(trace));
        if (trace.function() != null) {
            plan.put("function", trace.function() + (trace.atMiss() ? " (on a cache miss)" : ""));
        }
        if (trace.pool() != null) {
            plan.put("pool", trace.pool());
        }
        if (trace.originTarget() != null) {
            plan.put("origin is asked for", trace.originTarget());
        }
        put(plan, "request fields", trace.requestHeaders());
        put(plan, "response fields", trace.responseHeaders());
        if (trace.bypassCache()) {
            plan.put("cache", "bypassed");
        } else if (trace.cache() != null && !trace.cache().isNull()) {
            plan.put("cache", "by this policy");
            trace.cache().properties().forEach(setting -> {
                String text = PlainText.of(setting.getValue());
                if (!text.isEmpty()) {
                    plan.put("  " + setting.getKey(), text);
                }
            });
        }
        if (trace.key() != null) {
            plan.put("key", trace.key());
        }
        if (trace.decision() != null) {
            plan.put("cache now", trace.decision());
        }
        if (!trace.origins().isEmpty()) {
            plan.put("origin", trace.origins().getFirst());
            trace.origins().stream().skip(1).forEach(origin -> {
                int end = origin.indexOf(": ");
                plan.put("  " + origin.substring(0, end), origin.substring(end + 2));
            });
        }
        return plan;
    }

    private static String ending(SiteTrace trace) {
        return switch (trace.ending()) {
            case "pass" -> "cache, then " + (trace.pool() != null ? "pool" : "function");
            case "redirect" -> "redirect, " + trace.status() + " to " + trace.location();
            case "respond", "deny" -> trace.ending() + ", " + trace.status();
            default -> trace.ending();
        };
    }

    private static void put(Map<String, String> plan, String name, List<String> lines) {
        if (!lines.isEmpty()) {
            plan.put(name, String.join("; ", lines));
        }
    }

    /** The site whose hosts hold the URL's: an exact host before a wildcard, a longer wildcard before a shorter one. */
    private String owner(ApiClient client) {
        String host = host();
        String best = null;
        int specific = -1;
        for (SiteSummary summary : await(client.sites())) {
            for (String pattern : summary.hosts()) {
                HostPattern known = HostPattern.parse(pattern);
                int length = known.wildcard() ? pattern.length() : Integer.MAX_VALUE;
                if (known.matches(host) && length > specific) {
                    best = summary.site();
                    specific = length;
                }
            }
        }
        if (best == null) {
            throw CommandFailure.failed("no site of yours has the host " + host);
        }
        return best;
    }

    private String host() {
        try {
            String authority = new URI(url).getRawAuthority();
            if (authority != null) {
                return HostPattern.ofAuthority(authority);
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw CommandFailure.wrongUsage("\"" + url + "\" is no absolute URL; write http://HOST/PATH");
    }

    private Map<String, String> fields() {
        return InvokeCommand.fields(headers);
    }
}
