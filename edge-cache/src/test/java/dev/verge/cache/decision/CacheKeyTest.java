package dev.verge.cache.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.options.CacheOptions.KeyOptions;
import dev.verge.cache.options.CacheOptions.QueryOptions;
import dev.verge.cache.options.CacheOptions.QueryOptions.QueryMode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheKeyTest {
    private static final KeyOptions DEFAULT = CacheOptions.DEFAULT.key();

    @ParameterizedTest
    @CsvSource({
        "shop.example, shop.example",
        "SHOP.Example, shop.example",
        "shop.example:8080, shop.example",
        "shop.example., shop.example",
        "shop.example.:80, shop.example",
        "[::1]:8080, [::1]",
        "[::1], [::1]",
        "127.0.0.1:1, 127.0.0.1",
        "'', ''",
        ":80, ''"
    })
    void hostsAreCanonical(String sent, String canonical) {
        assertThat(CacheKey.canonicalHost(sent)).isEqualTo(canonical);
    }

    @Test
    void samePlaceSameKey() {
        assertThat(of("a", get("Shop.example:80", "/p", "b=1&a=2")))
                .isEqualTo(of("a", get("shop.example", "/p", "a=2&b=1")));
        RequestHead head = new RequestHead("HEAD", "http", "h", "/", null, HttpFields.of("Any", "thing"));
        assertThat(of("a", head)).isEqualTo(of("a", get("h", "/", null)));
    }

    /** No two different requests, and no two owners, share an entry, however the client spells things. */
    @Test
    void differentPlacesDifferentKeys() {
        List<CacheKey> keys = List.of(
                of("a", get("h", "/p", null)),
                of("b", get("h", "/p", null)),
                of("a", new RequestHead("GET", "https", "h", "/p", null, HttpFields.EMPTY)),
                of("a", get("h", "/p", "")),
                of("a", get("h", "/p", "x")),
                of("a", get("h", "/px", null)),
                of("a", get("h", "/P", null)),
                of("a", get("h", "/p?", null)),
                of("a", get("hp2:/p", "", null)),
                of("a", get("h", "/p1q1:x", null)),
                of("a", get("h", "/p", "a=1&a=2")),
                of("a", get("h", "/p", "a=2&a=1")),
                of("ah1:h", get("", "/p", null)),
                CacheKey.of("a", get("h", "/p", null), DEFAULT, List.of("x")),
                CacheKey.of("a", get("h", "/p", null), DEFAULT, List.of("x", "")),
                CacheKey.of("a", get("h", "/p", null), DEFAULT, List.of("", "x")));
        assertThat(keys).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "ALL, true, b=1&a=2, a=2&b=1",
                "ALL, false, b=1&a=2, b=1&a=2",
                "ALL, true, null, null",
                "ALL, true, '', ''",
                "ALL, true, a=2&a=1, a=2&a=1",
                "IGNORE, true, a=1, null",
                "ALLOW, true, z=1&utm=2&id=3, id=3&utm=2",
                "ALLOW, true, z=1, null",
                "DENY, true, z=1&utm=2&id=3, z=1",
                "DENY, true, utm=2, null",
                "DENY, false, z&a, z&a",
                "ALLOW, true, ID=1, ID=1",
                "ALLOW, true, %69d=1&+id=2&id[0]=3&id%00x=4, %69d=1&+id=2&id[0]=3&id%00x=4",
                "ALLOW, true, x=1;id=2, x=1;id=2",
                "DENY, true, utm=1;z=2, utm=1;z=2",
                "DENY, true, %75tm=1, %75tm=1",
                "DENY, true, UTM=1, UTM=1",
                "ALL, true, id=2&%69d=1, id=2&%69d=1",
                "ALL, true, b=1;x=2&a=3, b=1;x=2&a=3",
                "ALL, true, b[1]=1&b[0]=2&a=3, a=3&b[1]=1&b[0]=2"
            })
    void queriesCountByPolicy(QueryMode mode, boolean sort, @Nullable String query, @Nullable String expected) {
        var options = new QueryOptions(mode, List.of("id", "utm"), sort);
        assertThat(QueryKey.of(query, options)).isEqualTo(expected);
    }

    @Test
    void cookiesHeadersAndDeviceCountWhenAskedTo() {
        var options = new KeyOptions(QueryOptions.DEFAULT, List.of("lang"), List.of("X-A", "X-B"), true);
        CacheKey plain = key(options);
        assertThat(key(options, "Cookie", "other=1")).isEqualTo(plain);
        assertThat(List.of(
                        plain,
                        key(options, "Cookie", "a=b; lang=de"),
                        key(options, "Cookie", "lang=en"),
                        key(options, "X-A", "1"),
                        key(options, "X-B", "1"),
                        key(options, "User-Agent", "iPhone Mobile"),
                        key(options, "User-Agent", "iPad")))
                .doesNotHaveDuplicates();
        assertThat(key(DEFAULT, "Cookie", "lang=de", "X-A", "1", "User-Agent", "iPad"))
                .isEqualTo(key(DEFAULT));
    }

    private static CacheKey key(KeyOptions options, String... fields) {
        return CacheKey.of("a", new RequestHead("GET", "http", "h", "/", null, HttpFields.of(fields)), options);
    }

    private static CacheKey of(String scope, RequestHead request) {
        return CacheKey.of(scope, request, DEFAULT);
    }

    private static RequestHead get(String host, String path, @Nullable String query) {
        return new RequestHead("GET", "http", host, path, query, HttpFields.EMPTY);
    }
}
