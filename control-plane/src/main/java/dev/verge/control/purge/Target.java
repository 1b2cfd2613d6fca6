package dev.verge.control.purge;

import dev.verge.control.api.Problems;
import dev.verge.control.resource.PurgeOrder;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.log.PurgeTarget;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks what a purge names against the site's hosts: what could never match is a mistake, not a purge that finds nothing. */
final class Target {
    private static final int LONGEST_URL = 8_192;
    private static final int LONGEST_TAG = 1_024;

    private final List<HostPattern> hosts;
    private final List<Problem> problems = new ArrayList<>();

    private Target(List<HostPattern> hosts) {
        this.hosts = hosts;
    }

    /** The target as it goes into the log; ends the call with every mistake. */
    static PurgeTarget of(PurgeOrder order, List<HostPattern> hosts) {
        Target check = new Target(hosts);
        PurgeTarget target = check.target(order);
        if (!check.problems.isEmpty()) {
            throw Problems.mistakes(check.problems);
        }
        return target;
    }

    private PurgeTarget target(PurgeOrder order) {
        if (order.urls() != null) {
            addresses("urls", order.urls());
            return new PurgeTarget.Urls(order.urls());
        }
        if (order.prefixes() != null) {
            addresses("prefixes", order.prefixes());
            return new PurgeTarget.Prefixes(order.prefixes());
        }
        if (order.tags() != null) {
            for (int i = 0; i < order.tags().size(); i++) {
                String tag = order.tags().get(i);
                if (tag.isEmpty()
                        || tag.length() > LONGEST_TAG
                        || !tag.chars().allMatch(c -> c > ' ' && c != ',' && c < 127)) {
                    wrong(
                            "tags",
                            i,
                            tag,
                            "a tag is printable ASCII without spaces and commas, at most " + LONGEST_TAG,
                            "write it as the response carried it");
                }
            }
            return new PurgeTarget.Tags(order.tags());
        }
        if (order.hosts() != null) {
            List<String> canonical =
                    order.hosts().stream().map(HostPattern::canonical).toList();
            for (int i = 0; i < canonical.size(); i++) {
                if (!covered(canonical.get(i))) {
                    wrong(
                            "hosts",
                            i,
                            order.hosts().get(i),
                            "the site does not have this host",
                            "name a host of the site");
                }
            }
            return new PurgeTarget.Hosts(canonical);
        }
        return new PurgeTarget.Everything(true);
    }

    private void addresses(String field, List<String> addresses) {
        for (int i = 0; i < addresses.size(); i++) {
            String address = addresses.get(i);
            if (address.length() > LONGEST_URL) {
                wrong(field, i, "", "an address has at most " + LONGEST_URL + " characters", "purge a prefix instead");
            } else if (!address.startsWith("/")) {
                Optional<String> host = host(address);
                if (host.isEmpty()) {
                    wrong(
                            field,
                            i,
                            address,
                            "an absolute http or https URL, or a path",
                            "write https://HOST/PATH or /PATH");
                } else if (!covered(HostPattern.canonical(host.get()))) {
                    wrong(
                            field,
                            i,
                            address,
                            "the site does not have this host",
                            "name a host of the site, or write the path alone");
                }
            }
        }
    }

    private void wrong(String field, int index, String value, String rule, String fix) {
        problems.add(new Problem(field + "[" + index + "]", value, rule, fix));
    }

    /** A wildcard's own text stands for all that it covers. */
    private boolean covered(String host) {
        return hosts.stream().anyMatch(pattern -> pattern.text().equals(host) || pattern.matches(host));
    }

    private static Optional<String> host(String url) {
        try {
            URI uri = new URI(url);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return http ? Optional.ofNullable(uri.getHost()) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
