package dev.verge.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Visitors of the demo site: they open the page with all that belongs to it, look at some products (the first ones most), call
 * the function, and a few send something. They arrive at a steady rate whether or not earlier ones are served, so a stall shows.
 *
 * <p>System properties: {@code base} (http://localhost:8080), {@code visitors} a second (20), {@code seconds} (60) after ten of ramp.
 */
public final class Visitors extends Simulation {
    private static final String BASE = System.getProperty("base", "http://localhost:8080");
    private static final int VISITORS_PER_SECOND = Integer.getInteger("visitors", 20);
    private static final Duration STEADY = Duration.ofSeconds(Integer.getInteger("seconds", 60));
    private static final Duration RAMP = Duration.ofSeconds(10);
    private static final int PRODUCTS = 12;

    /** What the report's last lines hold a run to. */
    private static final double FAILED_PERCENT = 0.1;

    private static final int PAGE_P99_MILLIS = 250;

    private static final HttpProtocolBuilder BROWSER = http.baseUrl(BASE)
            .acceptHeader("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
            .acceptLanguageHeader("en-GB,en;q=0.8,de;q=0.5")
            .acceptEncodingHeader("gzip, deflate, br")
            .userAgentHeader("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0");

    /** The page and what it refers to; a visitor who comes back asks again with the validators that it has. */
    private static final ChainBuilder PAGE = exec(http("page")
                    .get("/")
                    .check(status().in(200, 304), header("Cache-Status").exists()))
            .exec(http("style").get("/css/reveal.css").check(status().in(200, 304)))
            .exec(http("theme").get("/css/theme/black.css").check(status().in(200, 304)))
            .exec(http("script").get("/js/reveal.js").check(status().in(200, 304)));

    private static final ChainBuilder PRODUCT = exec(http("products")
                    .get("/api/products")
                    .check(status().is(200)))
            .pause(Duration.ofMillis(200), Duration.ofMillis(800))
            .feed(products())
            .exec(http("product")
                    .get("/api/products/#{product}")
                    .check(status().is(200), jsonPath("$.id").isEL("#{product}")));

    private static final ChainBuilder LIVE = exec(http("function").get("/hello").check(status().is(200)))
            .exec(http("not cached").get("/api/time").check(status().is(200)))
            .randomSwitch()
            .on(percent(10.0)
                    .then(exec(http("sent")
                            .post("/echo")
                            .header("Content-Type", "application/json")
                            .body(StringBody("{\"note\": \"#{product}\"}"))
                            .check(status().is(200)))));

    private static final ScenarioBuilder VISIT = scenario("visit")
            .exec(PAGE)
            .pause(Duration.ofMillis(300), Duration.ofSeconds(1))
            .exec(repeat(3).on(PRODUCT))
            .exec(LIVE)
            .pause(Duration.ofMillis(300), Duration.ofSeconds(1))
            .exec(PAGE);

    public Visitors() {
        setUp(VISIT.injectOpen(
                        rampUsersPerSec(1).to(VISITORS_PER_SECOND).during(RAMP),
                        constantUsersPerSec(VISITORS_PER_SECOND).during(STEADY)))
                .protocols(BROWSER)
                .assertions(
                        global().failedRequests().percent().lte(FAILED_PERCENT),
                        details("page").responseTime().percentile4().lte(PAGE_P99_MILLIS));
    }

    /** Product n comes half as often as product n/2: what sells best is looked at most. */
    private static Iterator<Map<String, Object>> products() {
        Supplier<Map<String, Object>> one = () -> {
            double drawn = Math.pow(PRODUCTS + 1.0, ThreadLocalRandom.current().nextDouble());
            return Map.of("product", String.valueOf(Math.min(PRODUCTS, (int) drawn)));
        };
        return Stream.generate(one).iterator();
    }
}
