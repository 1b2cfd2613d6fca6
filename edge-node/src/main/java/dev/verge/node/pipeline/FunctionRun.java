package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Caller;
import dev.verge.node.site.Routing;
import dev.verge.node.site.Site;
import dev.verge.node.trace.OpenSpan;
import dev.verge.node.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run of a function, and all that it asks for, is part of.
 *
 * @param requestId shared by the whole tree of calls
 * @param routing what the node served when it began
 * @param account whose function it is
 * @param site that the client asked; null for runs without a client
 * @param caller of the request
 * @param traces the request's {@code Via} and {@code CDN-Loop}, which no function may touch
 * @param trace that what it sends belongs to
 * @param facts {@code request.verge} as JSON
 * @param chain names of the functions that led here, the running one last
 */
record FunctionRun(
        String requestId,
        Routing routing,
        String account,
        @Nullable Site site,
        Caller caller,
        HttpFields traces,
        Trace trace,
        String facts,
        List<String> chain) {

    /** Calls of functions by functions, the first one included. */
    static final int MAX_DEPTH = 8;

    FunctionRun {
        chain = List.copyOf(chain);
    }

    /**
     * A function that a rule of the site calls.
     *
     * @param span of the run; null when it is not recorded
     */
    static FunctionRun of(RequestState state, String function, NodeIdentity node, @Nullable OpenSpan span) {
        HttpFields fields = state.request().fields();
        HttpFields.Builder traces = HttpFields.builder();
        for (String name : List.of("via", "cdn-loop")) {
            fields.all(name).forEach(value -> traces.add(name, value));
        }
        Caller caller = state.request().caller();
        return new FunctionRun(
                state.requestId(),
                state.routing(),
                state.routedSite().account(),
                state.routedSite(),
                caller,
                traces.build(),
                Trace.within(span, state.trace(), state.requestId()),
                FunctionFacts.of(caller, state.routing().countries(), node, state.requestId()),
                List.of(function));
    }

    /** What the function is told of its trace. */
    String traceparent() {
        return trace.context().traceparent();
    }

    /**
     * A function that this one calls.
     *
     * @param span of that run; null when it is not recorded
     */
    FunctionRun calling(String function, @Nullable OpenSpan span) {
        List<String> longer = new ArrayList<>(chain);
        longer.add(function);
        return new FunctionRun(
                requestId, routing, account, site, caller, traces, Trace.within(span, trace, requestId), facts, longer);
    }

    /** The site of a host that counts as the function's own: the one asked, or for runs without a client any of the account. */
    @Nullable
    Site ownSite(String canonicalHost) {
        Site asked = site;
        if (asked != null) {
            return asked.serves(canonicalHost) ? asked : null;
        }
        Site found = routing.find(canonicalHost);
        return found != null && found.account().equals(account) ? found : null;
    }
}
