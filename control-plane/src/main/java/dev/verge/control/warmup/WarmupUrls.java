package dev.verge.control.warmup;

import dev.verge.control.api.Problems;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.order.WarmupOrder;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/** The URLs that a warm-up means. */
final class WarmupUrls {
    private static final List<String> SCHEMES = List.of("https://", "http://");
    private static final String PERCENT = "percent-encode what may not stand in one";

    private WarmupUrls() {}

    /** Absolute ones as they are, paths for each host that has a name of its own; ends the call with every mistake. */
    static List<String> of(List<String> wanted, List<HostPattern> hosts) {
        List<Problem> problems = new ArrayList<>();
        List<String> names = hosts.stream()
                .map(HostPattern::text)
                .filter(host -> !host.startsWith("*"))
                .toList();
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            String text = wanted.get(i);
            String field = "urls[" + i + "]";
            boolean path = text.startsWith("/");
            try {
                URI url = new URI(path ? "http://host" + text : text);
                String host = HostPattern.ofAuthority(String.valueOf(url.getRawAuthority()));
                if (path && names.isEmpty()) {
                    problems.add(new Problem(
                            field, text, "the site has no host but wildcards", "write https://HOST" + text));
                } else if (!path
                        && (url.getRawUserInfo() != null
                                || hosts.stream().noneMatch(pattern -> pattern.matches(host)))) {
                    problems.add(
                            new Problem(field, text, "the site does not have this host", "name a host of the site"));
                }
            } catch (URISyntaxException e) {
                problems.add(new Problem(field, text, "it is no URL: " + e.getReason(), PERCENT));
            }
            if (path) {
                SCHEMES.forEach(scheme -> names.forEach(name -> urls.add(scheme + authority(name) + text)));
            } else {
                urls.add(text);
            }
        }
        if (problems.isEmpty() && urls.size() > WarmupOrder.MOST_URLS) {
            problems.add(new Problem(
                    "urls",
                    Integer.toString(urls.size()),
                    "with a URL for each host and scheme of a path, at most " + WarmupOrder.MOST_URLS,
                    "ask in several calls"));
        }
        if (!problems.isEmpty()) {
            throw Problems.mistakes(problems);
        }
        return List.copyOf(urls);
    }

    private static String authority(String host) {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
