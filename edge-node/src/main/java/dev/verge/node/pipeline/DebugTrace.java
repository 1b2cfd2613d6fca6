package dev.verge.node.pipeline;

import dev.verge.node.rules.SiteRules;
import dev.verge.node.site.Site;
import dev.verge.sync.order.SiteTrace.RuleStep;
import org.jspecify.annotations.Nullable;

/**
 * {@code Verge-Trace}: which rules had a part in an answer, in the words of {@link SiteTraces}, as a structured list (RFC 9651). The first
 * member is the site, the others are the rules that matched, with their phases.
 */
final class DebugTrace {
    private static final int LONGEST = 2048;
    private static final int FOR_MORE = 24;

    private DebugTrace() {}

    /** Null before a site was found and its rules asked. */
    static @Nullable String of(RequestState state, int status) {
        Site site = state.site();
        if (site == null || state.plan() == null) {
            return null;
        }
        SiteRules.Traced traced = site.rules().trace(state, status);
        long others = traced.steps().stream()
                .filter(step -> !step.result().equals("matched"))
                .count();
        StringBuilder out = new StringBuilder(128);
        quoted(out, site.name());
        out.append(";version=").append(site.version());
        out.append(";ending=").append(SiteTraces.ending(traced.plan().ending()));
        String pool = SiteTraces.pool(site, traced.plan());
        if (pool != null) {
            out.append(";pool=");
            quoted(out, pool);
        }
        out.append(";others=").append(others);
        int left = (int) (traced.steps().size() - others);
        for (RuleStep step : traced.steps()) {
            if (!step.result().equals("matched")) {
                continue;
            }
            if (out.length() + step.rule().length() + FOR_MORE > LONGEST) {
                return out.append(", more;rules=").append(left).toString();
            }
            out.append(", ");
            quoted(out, step.rule());
            out.append(";phase=").append(step.phase());
            left--;
        }
        return out.toString();
    }

    private static void quoted(StringBuilder out, String name) {
        out.append('"').append(name.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
}
