package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.InterimSink;
import dev.verge.node.site.Routing;
import dev.verge.node.site.Site;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.order.OrderField;
import java.net.InetAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;

/**
 * A URL that an order of the control plane names, held against the sites of this node.
 *
 * @param host canonical
 */
record OrderedUrl(URI url, String host, Site site) {

    /**
     * The URL, if it is one of the account's site.
     *
     * @throws IllegalArgumentException when the URL is none of the site's, or not readable
     */
    static OrderedUrl of(Routing routing, String account, String siteName, String text) {
        URI url = URI.create(text);
        String authority = url.getRawAuthority();
        String scheme = url.getScheme();
        if (authority == null || url.getRawUserInfo() != null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException("the URL is not absolute, by http or https");
        }
        String host = HostPattern.ofAuthority(authority);
        Site site = routing.find(host);
        if (site == null || !site.account().equals(account) || !site.name().equals(siteName)) {
            throw new IllegalArgumentException("this node does not serve " + host + " for site " + siteName);
        }
        return new OrderedUrl(url, host, site);
    }

    /** The request that a client would send. */
    ClientRequest request(String method, InetAddress client, HttpFields fields, Instant at, long startNanos) {
        String path = url.getRawPath();
        return new ClientRequest(
                new Caller(client, client, false, url.getScheme(), "HTTP/1.1", null),
                method,
                url.getRawAuthority(),
                path == null || path.isEmpty() ? "/" : path,
                url.getRawQuery(),
                fields,
                Body.none(),
                InterimSink.NOBODY,
                at,
                startNanos);
    }

    /** The order's header fields. */
    static HttpFields.Builder fields(List<OrderField> ordered) {
        HttpFields.Builder fields = HttpFields.builder();
        ordered.forEach(field -> fields.add(field.name(), field.value()));
        return fields;
    }
}
