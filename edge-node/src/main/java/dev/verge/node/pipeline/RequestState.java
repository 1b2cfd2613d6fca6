package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.partial.Portion;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.ClientTls;
import dev.verge.node.exchange.InterimSink;
import dev.verge.node.rules.RequestFacts;
import dev.verge.node.rules.RequestPlan;
import dev.verge.node.site.Routing;
import dev.verge.node.site.Site;
import dev.verge.node.trace.Trace;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request so far. Immutable: each phase hands on a new one.
 *
 * @param host canonical; empty until admitted
 * @param routing what the node served when the request came in; kept to its end
 * @param site null until routed
 * @param plan null until the rules were asked
 * @param turn what the cache said
 * @param fetched the origin's, or at a miss the function's, answer; null until there is one
 * @param trace that the request belongs to; null while it belongs to none, or has no more than a number
 * @param affinityCookie for this client only; null: none
 */
record RequestState(
        ClientRequest request,
        String requestId,
        Kind kind,
        Cancellation cancellation,
        String host,
        Routing routing,
        @Nullable Site site,
        @Nullable RequestPlan plan,
        CacheTurn turn,
        @Nullable Fetched fetched,
        @Nullable String affinityCookie,
        @Nullable Trace trace,
        Trail trail)
        implements RequestFacts {

    /** Who asks. */
    enum Kind {
        CLIENT,
        /** A function's {@code fetch} for its own site: rules in part, and never a function again. */
        SUBREQUEST,
        /** The node itself, for a stored response that has become stale. */
        REVALIDATION,
        /** The node itself, for a slice that an answer is put together from. */
        SLICE
    }

    static RequestState begin(ClientRequest request, Kind kind, Routing routing, Cancellation cancellation) {
        return new RequestState(
                request,
                "",
                kind,
                cancellation,
                "",
                routing,
                null,
                null,
                CacheTurn.NOT_ASKED,
                null,
                null,
                null,
                Trail.NONE);
    }

    /** The same under another routing, which serves the same site. */
    RequestState under(Routing other) {
        return new RequestState(
                request,
                requestId,
                kind,
                cancellation,
                host,
                other,
                site,
                plan,
                turn,
                fetched,
                affinityCookie,
                trace,
                trail);
    }

    /** The site; only after routing. */
    Site routedSite() {
        return Objects.requireNonNull(site, "the route phase comes before");
    }

    /** The plan; only after the request rules. */
    RequestPlan requirePlan() {
        return Objects.requireNonNull(plan, "the rules phase comes before");
    }

    Fetched requireFetched() {
        return Objects.requireNonNull(fetched, "the fetch phase comes before");
    }

    /** The request as cache and origin see it: the client's target, with the fields that rules changed. */
    RequestHead head() {
        HttpFields fields = plan == null ? request.fields() : FieldEdits.apply(plan.requestFields(), request.fields());
        return new RequestHead(request.method(), scheme(), host, request.path(), request.query(), fields);
    }

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String scheme() {
        return request.caller().scheme();
    }

    @Override
    public String path() {
        return request.path();
    }

    @Override
    public @Nullable String query() {
        return request.query();
    }

    @Override
    public String country() {
        return routing.countries().of(request.caller().client());
    }

    @Override
    public List<String> header(String lowerCaseName) {
        return request.fields().all(lowerCaseName);
    }

    @Override
    public void eachField(BiConsumer<String, String> action) {
        request.fields().forEach(action);
    }

    @Override
    public @Nullable ClientTls tls() {
        return request.caller().tls();
    }

    @Override
    public InetAddress clientAddress() {
        return request.caller().client();
    }

    /** The same for the request with other fields. */
    RequestState with(ClientRequest changed) {
        return new RequestState(
                changed,
                requestId,
                kind,
                cancellation,
                host,
                routing,
                site,
                plan,
                turn,
                fetched,
                affinityCookie,
                trace,
                trail);
    }

    RequestState admitted(String canonicalHost, String id) {
        return new RequestState(
                request,
                id,
                kind,
                cancellation,
                canonicalHost,
                routing,
                site,
                plan,
                turn,
                fetched,
                affinityCookie,
                trace,
                trail);
    }

    RequestState with(Site found) {
        return new RequestState(
                request,
                requestId,
                kind,
                cancellation,
                host,
                routing,
                found,
                plan,
                turn,
                fetched,
                affinityCookie,
                trace,
                trail);
    }

    RequestState with(RequestPlan made) {
        return new RequestState(
                request,
                requestId,
                kind,
                cancellation,
                host,
                routing,
                site,
                made,
                turn,
                fetched,
                affinityCookie,
                trace,
                trail);
    }

    RequestState with(CacheTurn made) {
        return new RequestState(
                request,
                requestId,
                kind,
                cancellation,
                host,
                routing,
                site,
                plan,
                made,
                fetched,
                affinityCookie,
                trace,
                trail);
    }

    RequestState with(Fetched answer) {
        return new RequestState(
                request,
                requestId,
                kind,
                cancellation,
                host,
                routing,
                site,
                plan,
                turn,
                answer,
                affinityCookie,
                trace,
                trail);
    }

    RequestState with(Trail changed) {
        return new RequestState(
                request,
                requestId,
                kind,
                cancellation,
                host,
                routing,
                site,
                plan,
                turn,
                fetched,
                affinityCookie,
                trace,
                changed);
    }

    RequestState with(@Nullable Trace found) {
        return new RequestState(
                request,
                requestId,
                kind,
                cancellation,
                host,
                routing,
                site,
                plan,
                turn,
                fetched,
                affinityCookie,
                found,
                trail);
    }

    /** The same request as it looks from a head of its own. */
    RequestState asking(RequestHead head) {
        return with(new ClientRequest(
                request.caller(),
                head.method(),
                request.authority(),
                request.path(),
                request.query(),
                head.fields(),
                Body.none(),
                InterimSink.NOBODY,
                request.at(),
                request.startNanos()));
    }

    /** What is planned here, carried out for another request to the same target. */
    RequestState served(ClientRequest other, String id, Trail how) {
        return new RequestState(
                other, id, kind, cancellation, host, routing, site, plan, turn, fetched, affinityCookie, trace, how);
    }

    /** The same without an answer: it is asked for anew. */
    RequestState unfetched() {
        return new RequestState(
                request,
                requestId,
                kind,
                cancellation,
                host,
                routing,
                site,
                plan,
                turn,
                null,
                affinityCookie,
                trace,
                trail);
    }

    RequestState withAffinity(String cookie) {
        return new RequestState(
                request, requestId, kind, cancellation, host, routing, site, plan, turn, fetched, cookie, trace, trail);
    }

    /** The same for a fetch in the background: nobody waits for it, and it asks for the whole. */
    RequestState asRevalidation() {
        ClientRequest get = new ClientRequest(
                request.caller(),
                "GET",
                request.authority(),
                request.path(),
                request.query(),
                request.fields(),
                Body.none(),
                InterimSink.NOBODY,
                request.at(),
                request.startNanos());
        return new RequestState(
                get,
                requestId,
                Kind.REVALIDATION,
                new Cancellation(),
                host,
                routing,
                site,
                plan,
                turn,
                null,
                null,
                trace,
                Trail.NONE);
    }

    /** The same for one slice of the answer, which is given up by itself. */
    RequestState forSlice(Portion.Slice slice) {
        return new RequestState(
                request,
                requestId,
                Kind.SLICE,
                new Cancellation(),
                host,
                routing,
                site,
                plan,
                new CacheTurn.Open(slice),
                null,
                null,
                trace,
                Trail.NONE);
    }
}
