package dev.verge.load.jmh;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Requests and responses of an ordinary site, with fields as browsers and origins send them. */
public final class SampleSite {
    public static final String SCOPE = "default/shop#1";
    public static final String HOST = "shop.example";

    /** The time of everything here; it agrees with the Date of responses. */
    public static final Instant NOW = Instant.parse("2025-11-25T09:00:01Z");

    /** What a browser sends with each request. */
    public static final HttpFields BROWSER = HttpFields.of(
            "Host", HOST,
            "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language", "de,en-US;q=0.7,en;q=0.3",
            "Accept-Encoding", "gzip, deflate, br, zstd",
            "Cookie", "session=8f14e45fceea167a5a36dedd4bea2543; theme=dark",
            "Sec-Fetch-Mode", "navigate");

    private SampleSite() {}

    /** A GET as a browser sends it, all of one path length. */
    public static RequestHead request(long number) {
        return request(number, null);
    }

    public static RequestHead request(long number, @Nullable String query) {
        return new RequestHead("GET", "https", HOST, path(number), query, BROWSER);
    }

    /** The request of a program that sends nothing but its host. */
    public static RequestHead bareRequest(long number) {
        return new RequestHead("GET", "https", HOST, path(number), null, HttpFields.of("Host", HOST));
    }

    public static CacheKey key(long number) {
        return CacheKey.of(SCOPE, bareRequest(number), CacheOptions.DEFAULT.key());
    }

    private static String path(long number) {
        return "/products/%010d/page.html".formatted(number);
    }

    /** A response that may be stored for an hour. */
    public static ResponseHead response(long bodyBytes, String... more) {
        HttpFields.Builder fields = HttpFields.of(
                "Content-Type", "text/html; charset=utf-8",
                "Content-Length", Long.toString(bodyBytes),
                "Cache-Control", "public, max-age=3600",
                "Date", "Tue, 25 Nov 2025 09:00:00 GMT",
                "ETag", "\"686897696a7c876b7e\"",
                "Last-Modified", "Mon, 24 Nov 2025 08:00:00 GMT",
                "Server", "origin/1.0")
                .toBuilder();
        for (int i = 0; i < more.length; i += 2) {
            fields.add(more[i], more[i + 1]);
        }
        return new ResponseHead(200, fields.build());
    }

    /** The same, as it is to be stored. */
    public static StoredResponse draft(RequestHead request, ResponseHead response) {
        if (StoreDecision.decide(request, response, NOW, NOW, CacheOptions.DEFAULT)
                instanceof StoreDecision.Store store) {
            return store.draft();
        }
        throw new IllegalStateException("the sample response must be storable");
    }
}
