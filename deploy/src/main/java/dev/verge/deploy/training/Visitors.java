package dev.verge.deploy.training;

import dev.verge.node.practice.Visit;
import dev.verge.node.practice.Visits;
import dev.verge.node.practice.Way;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Visits the demo site for some seconds in every usual way: hits of all kinds, misses, what is passed through, and a function, over
 * HTTP/1.1 and HTTP/2, with and without TLS. A start-up cache keeps what a process learned of its methods meanwhile (JEP 515), so that
 * the next one compiles them early and well; what was called a few hundred times only teaches little.
 */
public final class Visitors {
    private static final String HOST = "localhost";

    /** Of each way. */
    private static final int CONNECTIONS = 4;

    private static final String STYLES = "/css/reveal.css";

    private static final List<Visit> VISITS = List.of(
            Visit.get(STYLES),
            Visit.get("/"),
            Visit.get(STYLES, "accept-encoding", "gzip, br"),
            Visit.get(STYLES + "?visit={}"),
            Visit.get("/api/products"),
            Visit.get(STYLES, "cookie", "session=0123456789abcdef"),
            Visit.get("/api/products?page={}"),
            Visit.get("/api/time"),
            new Visit("HEAD", STYLES, List.of(), ""),
            Visit.get(STYLES, "if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT"),
            Visit.get(STYLES, "range", "bytes=100-199"),
            new Visit("POST", "/echo", List.of("content-type", "text/plain"), "what a form sends"));

    /** A function's first calls take long, and would hold up the others. */
    private static final List<Visit> CALLS = List.of(Visit.get("/hello?name={}"));

    private Visitors() {}

    /**
     * Visits until it is enough or the time is over, and tells how often.
     *
     * @param arguments port of HTTP, port of HTTPS, visits that are enough, seconds
     */
    public static void main(String[] arguments) throws InterruptedException {
        int clear = Integer.parseInt(arguments[0]);
        int secure = Integer.parseInt(arguments[1]);
        long enough = Long.parseLong(arguments[2]);
        long endNanos = System.nanoTime()
                + Duration.ofSeconds(Long.parseLong(arguments[3])).toNanos();
        List<Way> ways = List.of(
                new Way(clear, false, false),
                new Way(secure, true, false),
                new Way(clear, false, true),
                new Way(secure, true, true));
        Visits visits = new Visits(HOST, CONNECTIONS, VISITS);
        Visits calls = new Visits(HOST, 1, CALLS);
        BooleanSupplier over = () -> visits.count().answers() >= enough || System.nanoTime() - endNanos >= 0;
        Thread caller = Thread.ofPlatform().start(() -> calls.until(List.of(new Way(clear, false, false)), over));
        visits.until(ways, over);
        caller.join();
        System.out.println("visits: " + visits.count() + ", calls: " + calls.count());
    }
}
