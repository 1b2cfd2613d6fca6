package dev.verge.deploy.training;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Visits the demo site for some seconds in every usual way: hits of all kinds, misses, what is passed through, and a function, over
 * HTTP/1.1 and HTTP/2, with and without TLS. A start-up cache keeps what a process learned of its methods meanwhile (JEP 515), so that
 * the next one compiles them early and well.
 */
public final class Visitors {
    /** Connections of each kind, and requests under way on one of HTTP/2. */
    private static final int CONNECTIONS = 8;

    private static final String STYLES = "/css/reveal.css";

    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final long endNanos;

    /** One way to ask; {@code {}} in a target is another number each time. */
    private record Visit(
            HttpMethod method, String target, @Nullable String field, String value) {
        static Visit get(String target) {
            return new Visit(HttpMethod.GET, target, null, "");
        }

        Visit with(String name, String text) {
            return new Visit(method, target, name, text);
        }
    }

    private static final List<Visit> VISITS = List.of(
            Visit.get(STYLES),
            Visit.get("/"),
            Visit.get(STYLES).with("accept-encoding", "gzip, br"),
            Visit.get(STYLES + "?visit={}"),
            Visit.get("/api/products"),
            Visit.get(STYLES).with("cookie", "session=0123456789abcdef"),
            Visit.get("/api/products?page={}"),
            new Visit(HttpMethod.HEAD, STYLES, null, ""),
            Visit.get(STYLES).with("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT"),
            Visit.get(STYLES).with("range", "bytes=100-199"),
            new Visit(HttpMethod.POST, "/echo", "content-type", "text/plain"));

    /** A function's first calls take long, and would hold up the others. */
    private static final Visit CALL = Visit.get("/hello?name={}");

    private static final int ROUNDS_FOR_A_CALL = 50;

    private Visitors(Duration time) {
        this.endNanos = System.nanoTime() + time.toNanos();
    }

    /**
     * Visits until the time is over, and tells how often.
     *
     * @param arguments port of HTTP, port of HTTPS, seconds
     */
    public static void main(String[] arguments) {
        Visitors visitors = new Visitors(Duration.ofSeconds(Integer.parseInt(arguments[2])));
        Vertx vertx = Vertx.vertx();
        int clear = Integer.parseInt(arguments[0]);
        int secure = Integer.parseInt(arguments[1]);
        List<Future<?>> all = new ArrayList<>();
        all.add(visitors.visit(vertx, new HttpClientOptions(), clear));
        all.add(visitors.visit(vertx, new HttpClientOptions().setSsl(true).setTrustAll(true), secure));
        all.add(visitors.visit(vertx, http2().setHttp2ClearTextUpgrade(false), clear));
        all.add(visitors.visit(vertx, http2().setSsl(true).setTrustAll(true).setUseAlpn(true), secure));
        Future.join(all).onComplete(over -> {
            System.out.println("visits: " + visitors.answers + ", failed: " + visitors.failures);
            vertx.close();
        });
    }

    private static HttpClientOptions http2() {
        return new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2);
    }

    private Future<?> visit(Vertx vertx, HttpClientOptions options, int port) {
        options.setDefaultHost("localhost").setDefaultPort(port).setVerifyHost(false);
        HttpClient client = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(CONNECTIONS).setHttp2MaxSize(1));
        List<Future<?>> visitors = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Promise<Void> over = Promise.promise();
            int first = i;
            vertx.runOnContext(begin -> next(client, first, over));
            visitors.add(over.future());
        }
        return Future.join(visitors);
    }

    private void next(HttpClient client, int number, Promise<Void> over) {
        if (System.nanoTime() > endNanos) {
            over.complete();
            return;
        }
        boolean calls = number % (VISITS.size() * ROUNDS_FOR_A_CALL) == 0;
        Visit visit = calls ? CALL : VISITS.get(number % VISITS.size());
        RequestOptions options = new RequestOptions()
                .setMethod(visit.method)
                .setURI(visit.target.replace("{}", Long.toString(answers.get())));
        String field = visit.field;
        if (field != null) {
            options.addHeader(field, visit.value);
        }
        client.request(options)
                .compose(request -> visit.method.equals(HttpMethod.POST)
                        ? request.send(Buffer.buffer("what a form sends"))
                        : request.send())
                .compose(answer -> answer.body().map(body -> answer.statusCode() < 500))
                .otherwise(false)
                .onSuccess(good -> {
                    answers.incrementAndGet();
                    failures.addAndGet(good ? 0 : 1);
                    next(client, number + 1, over);
                });
    }
}
