package dev.verge.balancer.options;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pins every name and default that operators rely on, so that neither drifts unseen. */
class DeclaredSettingsTest {
    private static final String REQUIRED = "(none)";

    @Test
    void namesAndDefaults() {
        assertThat(declared(PoolOptions.class))
                .containsExactlyEntriesOf(table(
                        "method", "random-two",
                        "hashOn", REQUIRED,
                        "affinity", REQUIRED,
                        "origins", REQUIRED,
                        "hostHeader", "${host}",
                        "pathPrefix", REQUIRED,
                        "healthCheck", REQUIRED,
                        "outlier", "{}",
                        "timeouts", "{}",
                        "retries", "{}",
                        "limits", "{}",
                        "slowStart", REQUIRED,
                        "failOpen", "false"));
        assertThat(declared(Origin.class))
                .containsExactlyEntriesOf(table(
                        "url",
                        REQUIRED,
                        "weight",
                        "1",
                        "role",
                        "primary",
                        "hostHeader",
                        REQUIRED,
                        "tls",
                        REQUIRED,
                        "protocol",
                        "http1"));
        assertThat(declared(OriginTls.class))
                .containsExactlyEntriesOf(
                        table("sni", REQUIRED, "verify", "true", "ca", REQUIRED, "clientCertificate", REQUIRED));
        assertThat(declared(Affinity.class)).containsExactlyEntriesOf(table("cookie", "verge_lb", "ttl", "1h"));
        assertThat(declared(HealthCheck.class))
                .containsExactlyEntriesOf(table(
                        "path", "/",
                        "method", "GET",
                        "interval", "2s",
                        "timeout", "1s",
                        "consecutiveUp", "2",
                        "consecutiveDown", "3",
                        "expectedCodes", "200-399",
                        "expectedBody", REQUIRED,
                        "headers", "{}",
                        "type", "http"));
        assertThat(declared(Outlier.class))
                .containsExactlyEntriesOf(table(
                        "consecutive5xx", "5",
                        "consecutiveGatewayFailures", "5",
                        "interval", "10s",
                        "baseEjection", "30s",
                        "maxEjection", "300s",
                        "maxEjectedPercent", "50",
                        "minSuccessPercent", "0",
                        "maxLatencyFactor", "0",
                        "minRequests", "50"));
        assertThat(declared(Timeouts.class))
                .containsExactlyEntriesOf(table(
                        "connect", "3s",
                        "firstByte", "15s",
                        "betweenBytes", "10s",
                        "total", "60s",
                        "idleStream", "5m",
                        "idleConnection", "60s",
                        "queue", "1s"));
        assertThat(declared(Retries.class))
                .containsExactlyEntriesOf(table(
                        "attempts", "2",
                        "on", "[connect-failure, reset, timeout, 502, 503, 504]",
                        "methods", "[GET, HEAD, OPTIONS, PUT, DELETE]",
                        "perTryTimeout", REQUIRED,
                        "budgetPercent", "20",
                        "minBudget", "3",
                        "backoff", "25ms",
                        "hedge", REQUIRED));
        assertThat(declared(Hedge.class))
                .containsExactlyEntriesOf(table("after", REQUIRED, "percentile", REQUIRED, "max", "1"));
        assertThat(declared(Limits.class))
                .containsExactlyEntriesOf(table("maxConnections", "1024", "maxPending", "1024", "maxRequests", "1024"));
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                PoolOptions.class,
                Origin.class,
                OriginTls.class,
                Affinity.class,
                HealthCheck.class,
                Outlier.class,
                Timeouts.class,
                Retries.class,
                Hedge.class,
                Limits.class
            })
    void everySettingIsDescribed(Class<? extends Record> options) {
        for (RecordComponent component : options.getRecordComponents()) {
            JsonPropertyDescription description = annotation(component, JsonPropertyDescription.class);
            assertThat(description).as(component.getName()).isNotNull();
            assertThat(description.value()).as(component.getName()).endsWith(".");
        }
    }

    private static Map<String, String> declared(Class<? extends Record> options) {
        Map<String, String> found = new LinkedHashMap<>();
        for (RecordComponent component : options.getRecordComponents()) {
            JsonProperty property = annotation(component, JsonProperty.class);
            String value = property == null ? "" : property.defaultValue();
            found.put(component.getName(), value.isEmpty() ? REQUIRED : value);
        }
        return found;
    }

    /** Jackson's annotations stand on the field, the accessor and the constructor's parameter, not on the component itself. */
    private static <A extends Annotation> A annotation(RecordComponent component, Class<A> type) {
        return component.getAccessor().getAnnotation(type);
    }

    private static Map<String, String> table(String... namesAndDefaults) {
        Map<String, String> table = new LinkedHashMap<>();
        List<String> all = Arrays.asList(namesAndDefaults);
        for (int i = 0; i < all.size(); i += 2) {
            table.put(all.get(i), all.get(i + 1));
        }
        return table;
    }
}
