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
import dev.verge.node.site.Site;
import dev.verge.node.trace.OpenSpan;
import dev.verge.node.trace.Trace;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.Subrequest;
import dev.verge.sandbox.SubrequestResponse;
import dev.verge.sandbox.url.WebUrl;
import dev.verge.sync.document.HostPattern;
import io.opentelemetry.api.trace.SpanKind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A function's {@code fetch()}: for its own site back into the request's path, past the rules that could run a function again; for
 * other hosts only where its manifest says so. Each redirect is judged like a fetch of its own.
 */
final class Fetches {
    private static final int MAX_REDIRECTS = 20;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** Where a request has been is not a function's to say. */
    private static final Set<String> NOT_FROM_FUNCTION = Set.of("host", "via", "cdn-loop", "content-length");

    /** What is for one origin only, and so not for another one that a redirect names. */
    private static final Set<String> FOR_ORIGIN = Set.of("authorization", "cookie", "proxy-authorization");

    /** Fetch standard §4.4, request-body-header names: they go with the body. */
    private static final Set<String> OF_BODY =
            Set.of("content-encoding", "content-language", "content-location", "content-type");

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

    /** What a function is told when something cannot be done for it. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    Future<SubrequestResponse> fetch(FunctionRun run, DeployedFunction.Share share, Subrequest asked) {
        return fetch(run, share, FetchOptions.read(asked.options()), asked, 0);
    }

    private Future<SubrequestResponse> fetch(
            FunctionRun run, DeployedFunction.Share share, FetchOptions options, Subrequest asked, int redirects) {
        URI url = place(asked.url());
        String host = HostPattern.ofAuthority(url.getRawAuthority());
        ClientRequest request = request(run, options, asked, url);
        Site own = node.serves(url.getPort()) ? run.ownSite(host) : null;
        Future<EdgeResponse> answer;
        if (own != null) {
            Cancellation cancellation = new Cancellation();
            asked.signal().onAbort(cancellation::cancel);
            @Nullable OpenSpan span = Trace.child(run.trace(), "fetch", SpanKind.INTERNAL);
            if (span != null) {
                RequestSpans.request(span, request.method()).set("url.path", request.path());
            }
            answer = pipeline.fetchFor(
                    RequestState.begin(request, RequestState.Kind.SUBREQUEST, run.routing(), cancellation)
                            .admitted(host, run.requestId())
                            .with(own)
                            .with(Trace.within(span, run.trace(), run.requestId())),
                    options);
        } else if (share.egress().stream().anyMatch(pattern -> pattern.matches(host))) {
            answer = egress.fetch(request, url, host, run, asked.signal());
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
                return redirected(run, share, options, asked, url, response.status(), location, redirects);
            }
            asked.signal().onAbort(response.body()::discard);
            return Future.succeededFuture(new SubrequestResponse(
                    response.status(),
                    asked.url(),
                    redirects > 0,
                    headers(response.fields()),
                    FunctionCalls.stream(response.body()),
                    response.body().length()));
        });
    }

    /** The URL as the URL standard writes it: there is one form of each address, and no user in it. */
    private static URI place(String text) {
        WebUrl parsed = WebUrl.parse(text, null);
        String href = parsed == null ? "" : parsed.href();
        boolean web = href.startsWith("http://") || href.startsWith("https://");
        URI url;
        try {
            url = URI.create(web ? href : "");
        } catch (IllegalArgumentException unusual) {
            throw new Refused("fetch needs a URL whose characters are percent-encoded where they must be");
        }
        if (url.getRawAuthority() == null || url.getRawAuthority().indexOf('@') >= 0) {
            throw new Refused("fetch needs an absolute http or https URL without user and password");
        }
        return url;
    }

    /** Fetch standard §4.4, HTTP-redirect fetch. */
    private Future<SubrequestResponse> redirected(
            FunctionRun run,
            DeployedFunction.Share share,
            FetchOptions options,
            Subrequest asked,
            URI url,
            int status,
            String location,
            int redirects) {
        if (asked.redirect().equals("error") || redirects >= MAX_REDIRECTS) {
            return Future.failedFuture(new Refused("fetch was redirected, and may not follow"));
        }
        boolean toGet = (status == 303
                        && !asked.method().equals("HEAD")
                        && !asked.method().equals("GET"))
                || ((status == 301 || status == 302) && asked.method().equals("POST"));
        if (!toGet && asked.body() != null) {
            return Future.failedFuture(new Refused("fetch was redirected, and its body cannot be sent again"));
        }
        WebUrl resolved = WebUrl.parse(location, url.toString());
        if (resolved == null) {
            return Future.failedFuture(new Refused("fetch was redirected to what is no URL"));
        }
        URI target = place(resolved.href());
        boolean sameOrigin = Objects.equals(target.getScheme(), url.getScheme())
                && Objects.equals(target.getRawAuthority(), url.getRawAuthority());
        List<HeaderField> headers = asked.headers().stream()
                .filter(header -> {
                    String name = header.name().toLowerCase(Locale.ROOT);
                    return (sameOrigin || !FOR_ORIGIN.contains(name)) && !(toGet && OF_BODY.contains(name));
                })
                .toList();
        String method = toGet ? "GET" : asked.method();
        return fetch(run, share, options, asked.redirected(method, target.toString(), headers), redirects + 1);
    }

    private ClientRequest request(FunctionRun run, FetchOptions options, Subrequest asked, URI url) {
        HttpFields.Builder fields = HttpFields.builder();
        for (HeaderField header : asked.headers()) {
            if (!NOT_FROM_FUNCTION.contains(header.name().toLowerCase(Locale.ROOT))) {
                fields.add(header.name(), header.value());
            }
        }
        run.traces().forEach(fields::add);
        Caller outer = run.caller();
        Caller caller = new Caller(outer.peer(), outer.client(), false, url.getScheme(), outer.protocol(), null);
        ReadStream<Buffer> body = asked.body();
        String path = url.getRawPath();
        return new ClientRequest(
                caller,
                asked.method(),
                url.getRawAuthority(),
                path == null || path.isEmpty() ? "/" : path,
                url.getRawQuery(),
                options.applied(FieldRules.endToEnd(fields.build())),
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
