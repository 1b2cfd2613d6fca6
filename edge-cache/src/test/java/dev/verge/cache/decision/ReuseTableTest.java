package dev.verge.cache.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpDate;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads {@code reuse.txt}: each line is a rule, stored and asked for again. */
class ReuseTableTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Pattern DATE = Pattern.compile("\\{([+-]\\d+)}");

    static Stream<Named<List<String>>> rules() {
        try (InputStream file = ReuseTableTest.class.getResourceAsStream("reuse.txt")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line ->
                            Stream.of(line.split("\\|", -1)).map(String::trim).toList())
                    .map(columns -> Named.of(columns.getFirst(), columns));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void followsTheRule(List<String> columns) {
        assertThat(columns).hasSize(7);
        RequestHead first = request(columns.get(1));
        var response = new ResponseHead(Integer.parseInt(columns.get(2)), fields(columns.get(3)));
        Instant later = START.plusSeconds(Long.parseLong(columns.get(4)));
        RequestHead second = request(columns.get(5));
        String outcome = switch (StoreDecision.decide(first, response, START, START, CacheOptions.DEFAULT)) {
            case StoreDecision.DoNotStore refused -> "not stored " + refused.reason();
            case StoreDecision.Store store ->
                written(CacheDecision.decide(second, List.of(store.draft()), later, CacheOptions.DEFAULT));
        };
        assertThat(outcome).isEqualTo(dates(columns.get(6)));
    }

    private static String written(CacheDecision decision) {
        return switch (decision) {
            case CacheDecision.ServeFresh fresh -> "fresh age=" + fresh.ageSeconds() + " ttl=" + fresh.ttlSeconds();
            case CacheDecision.ServeStale stale -> "stale " + stale.reason();
            case CacheDecision.Revalidate revalidate -> {
                var text = new StringBuilder("revalidate ").append(revalidate.reason());
                revalidate
                        .conditions()
                        .forEach((name, value) ->
                                text.append(' ').append(name).append('=').append(value));
                yield text.toString();
            }
            case CacheDecision.Fetch fetch -> "fetch " + fetch.reason();
            case CacheDecision.Refuse refuse -> "refuse";
            case CacheDecision.Bypass bypass -> "bypass " + bypass.reason();
        };
    }

    private static RequestHead request(String fields) {
        return new RequestHead("GET", "http", "shop.example", "/", null, fields(fields));
    }

    private static HttpFields fields(String text) {
        HttpFields.Builder fields = HttpFields.builder();
        for (String line : text.split(";;", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.add(
                        FieldLists.trim(line.substring(0, colon)), FieldLists.trim(dates(line.substring(colon + 1))));
            }
        }
        return fields.build();
    }

    private static String dates(String text) {
        return DATE.matcher(text)
                .replaceAll(found -> HttpDate.format(START.plusSeconds(Long.parseLong(found.group(1)))));
    }
}
