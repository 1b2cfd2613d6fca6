package dev.verge.node.observe;

import dev.verge.node.site.Routing;
import dev.verge.node.tls.ServedCertificate;
import dev.verge.sync.certificate.CertificateChain;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long certificates are still valid: of those that end first, so that there are never too many meters. */
public final class CertificateMeters {
    private static final int MOST = 200;
    private static final int TOLD = 5;

    /** No account is called so. */
    private static final String OWN_ACCOUNT = "@node";

    private final MultiGauge gauges;
    private final CertificateChain own;
    private final InstantSource clock;
    private @Nullable Routing seen;
    private List<ServedCertificate> first = List.of();

    /** @param own the node's own certificate */
    public CertificateMeters(MeterRegistry registry, CertificateChain own, InstantSource clock) {
        this.own = own;
        this.clock = clock;
        gauges = MultiGauge.builder("verge.tls.certificate.expiry")
                .description("Time until a certificate ends; below 0 when it has. The " + MOST + " that end first")
                .baseUnit("seconds")
                .register(registry);
    }

    private static Instant end(CertificateChain chain) {
        return chain.leaf().getNotAfter().toInstant();
    }

    /** Takes in what is served now. */
    public synchronized void look(Routing routing) {
        if (routing.equals(seen)) {
            return;
        }
        seen = routing;
        first = routing.certificates().stream()
                .sorted(Comparator.comparing((ServedCertificate each) -> end(each.chain()))
                        .thenComparing(ServedCertificate::scope))
                .limit(MOST)
                .toList();
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        rows.add(row(OWN_ACCOUNT, "own", own));
        for (ServedCertificate each : first) {
            rows.add(row(each.account(), each.name(), each.chain()));
        }
        gauges.register(rows, true);
    }

    private MultiGauge.Row<?> row(String account, String name, CertificateChain chain) {
        Instant end = end(chain);
        return MultiGauge.Row.of(
                Tags.of("account", account, "certificate", name),
                clock,
                now -> Duration.between(now.instant(), end).toMillis() / 1000.0);
    }

    /** For {@code /readyz}: how many there are, and those that end first. */
    public synchronized JsonObject summary(Routing routing) {
        look(routing);
        JsonArray ending = new JsonArray();
        first.stream()
                .limit(TOLD)
                .forEach(each -> ending.add(new JsonObject()
                        .put("certificate", each.scope())
                        .put("notAfter", end(each.chain()).toString())));
        long ended = first.stream()
                .filter(each -> !end(each.chain()).isAfter(clock.instant()))
                .count();
        return new JsonObject()
                .put("known", routing.certificates().size())
                .put("ended", ended)
                .put("endFirst", ending);
    }
}
