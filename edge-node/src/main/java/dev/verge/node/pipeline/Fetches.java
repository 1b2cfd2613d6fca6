package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.exchange.FieldRules;
import dev.verge.node.exchange.InterimSink;
import dev.verge.node.origin.OriginClient;
import dev.verge.node.site.DeployedFunction;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.Subrequest;
import dev.verge.sandbox.SubrequestHandler;
import dev.verge.sandbox.SubrequestResponse;
import dev.verge.sync.document.HostPattern;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A function's {@code fetch()}: for its own site back into the request's path, past the rules that could run a function again; for
 * other hosts only where its manifest says so.
 */
final class Fetches {
    private static final int MAX_REDIRECTS = 20;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** Where a request has been is not a function's to say. */
    private static final Set<String> NOT_FROM_FUNCTION = Set.of("host", "via", "cdn-loop", "content-length");

    private final RequestPipeline pipeline;
    private final NodeIdentity node;
    private final Egress egress;
    private final Clock clock;

    Fetches(RequestPipeline pipeline, NodeIdentity node, OriginClient egressClient, Clock clock) {
        this.pipeline = pipeline;
        this.node = node;
        this.egress = new Egress(egressClient, node);
        this.clock = clock;
    }

    SubrequestHandler door(RequestState parent, DeployedFunction.Share share) {
        return subrequest -> fetch(parent, share, subrequest, 0);
    }

    /** What a function is told when a fetch cannot be made. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    private Future<SubrequestResponse> fetch(
            RequestState parent, DeployedFunction.Share share, Subrequest asked, int redirects) {
        URI url = URI.create(asked.url());
        String authority = url.getRawAuthority();
        if (authority == null || url.getHost() == null) {
            return Future.failedFuture(new Refused("fetch needs an absolute URL with a host"));
        }
        String host = HostPattern.ofAuthority(authority);
        ClientRequest request = request(parent, asked, url);
        Future<EdgeResponse> answer;
        if (parent.routedSite().serves(host) && node.serves(url.getPort())) {
            answer = pipeline.fetchFor(
                    RequestState.begin(request, RequestState.Kind.SUBREQUEST, parent.routing(), new Cancellation())
                            .admitted(host, parent.requestId())
                            .with(parent.routedSite()));
        } else if (share.egress().stream().anyMatch(pattern -> pattern.matches(host))) {
            answer = egress.fetch(request, url, host, parent.requestId());
        } else {
            answer = Future.failedFuture(new Refused("fetch of " + host
                    + " is not allowed: it is no host of this site and not in the function's egress list"));
        }
        return answer.compose(response -> {
            String location = response.fields().first("location");
            if (location != null
                    && REDIRECTS.contains(response.status())
                    && !asked.redirect().equals("manual")) {
                response.body().discard();
                return redirected(parent, share, asked, url, response.status(), location, redirects);
            }
            return Future.succeededFuture(new SubrequestResponse(
                    response.status(),
                    asked.url(),
                    redirects > 0,
                    headers(response.fields()),
                    FunctionCalls.stream(response.body())));
        });
    }

    /** Fetch standard, HTTP-redirect fetch. */
    private Future<SubrequestResponse> redirected(
            RequestState parent,
            DeployedFunction.Share share,
            Subrequest asked,
            URI url,
            int status,
            String location,
            int redirects) {
        if (asked.redirect().equals("error") || redirects >= MAX_REDIRECTS) {
            return Future.failedFuture(new Refused("fetch was redirected, and may not follow"));
        }
        boolean toGet = (status == 303 && !asked.method().equals("HEAD"))
                || ((status == 301 || status == 302) && asked.method().equals("POST"));
        if (!toGet && asked.body() != null) {
            return Future.failedFuture(new Refused("fetch was redirected, and its body cannot be sent again"));
        }
        URI target = url.resolve(location);
        boolean sameHost = target.getHost() != null && target.getHost().equalsIgnoreCase(url.getHost());
        List<HeaderField> headers = asked.headers().stream()
                .filter(header -> sameHost || !header.name().equalsIgnoreCase("authorization"))
                .toList();
        return fetch(
                parent,
                share,
                new Subrequest(
                        asked.requestId(),
                        toGet ? "GET" : asked.method(),
                        target.toString(),
                        headers,
                        null,
                        asked.redirect()),
                redirects + 1);
    }

    private ClientRequest request(RequestState parent, Subrequest asked, URI url) {
        HttpFields.Builder fields = HttpFields.builder();
        for (HeaderField header : asked.headers()) {
            if (!NOT_FROM_FUNCTION.contains(header.name().toLowerCase(java.util.Locale.ROOT))) {
                fields.add(header.name(), header.value());
            }
        }
        HttpFields parentFields = parent.request().fields();
        for (String trace : List.of("via", "cdn-loop")) {
            parentFields.all(trace).forEach(value -> fields.add(trace, value));
        }
        Caller outer = parent.request().caller();
        Caller caller = new Caller(outer.peer(), outer.client(), false, url.getScheme(), outer.protocol());
        ReadStream<Buffer> body = asked.body();
        String path = url.getRawPath();
        return new ClientRequest(
                caller,
                asked.method(),
                url.getRawAuthority(),
                path == null || path.isEmpty() ? "/" : path,
                url.getRawQuery(),
                FieldRules.endToEnd(fields.build()),
                body == null ? Body.none() : new Body.Streamed(body, -1, () -> {}),
                InterimSink.NOBODY,
                clock.instant(),
                System.nanoTime());
    }

    private static List<HeaderField> headers(HttpFields fields) {
        List<HeaderField> headers = new ArrayList<>(fields.size());
        fields.forEach((name, value) -> headers.add(new HeaderField(name, value)));
        return headers;
    }
}
