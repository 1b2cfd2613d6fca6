package dev.verge.control.site;

import dev.verge.control.store.Session;
import dev.verge.sync.document.HostPattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who answers for which host. No two sites claim the same pattern; patterns of different accounts never overlap, while within an account
 * an exact host may stand beside a wildcard that covers it, and wins.
 */
final class HostClaims {
    private static final char AFTER_DOT = '.' + 1;

    private HostClaims() {}

    /** Those of {@code hosts} that a site may not have because of what other sites have. */
    static List<HostPattern> taken(Session session, String account, String site, List<HostPattern> hosts) {
        Set<String> own = own(session, account, site);
        return hosts.stream()
                .filter(host -> !own.contains(host.text()))
                .filter(host -> same(session, host) || overlaps(session, account, host))
                .toList();
    }

    /** What the site has already, and so nobody else. */
    private static Set<String> own(Session session, String account, String site) {
        return Set.copyOf(session.list(
                "SELECT pattern FROM site_host WHERE account = ? AND site = ?",
                row -> row.text("pattern"),
                account,
                site));
    }

    static void replace(Session session, String account, String site, List<HostPattern> hosts) {
        Set<String> patterns = hosts.stream().map(HostPattern::text).collect(Collectors.toUnmodifiableSet());
        if (patterns.equals(own(session, account, site))) {
            return;
        }
        session.update("DELETE FROM site_host WHERE account = ? AND site = ?", account, site);
        for (String pattern : patterns) {
            session.update(
                    "INSERT INTO site_host (pattern, reversed, wildcard, account, site) VALUES (?, ?, ?, ?, ?)",
                    pattern,
                    reversed(pattern),
                    pattern.startsWith("*."),
                    account,
                    site);
        }
    }

    private static boolean same(Session session, HostPattern host) {
        return session.exists("SELECT 1 FROM site_host WHERE pattern = ?", host.text());
    }

    /** Whether another account has a host below this wildcard, or a wildcard above this pattern. */
    private static boolean overlaps(Session session, String account, HostPattern host) {
        if (host.address()) {
            return false;
        }
        String reversed = reversed(host.text());
        if (host.wildcard()
                && session.exists(
                        "SELECT 1 FROM site_host WHERE account <> ? AND reversed > ? AND reversed < ?",
                        account,
                        reversed,
                        reversed.substring(0, reversed.length() - 1) + AFTER_DOT)) {
            return true;
        }
        for (int dot = reversed.indexOf('.');
                dot >= 0 && dot < reversed.length() - 1;
                dot = reversed.indexOf('.', dot + 1)) {
            String above = reversed.substring(0, dot + 1);
            if (session.exists(
                    "SELECT 1 FROM site_host WHERE account <> ? AND wildcard = 1 AND reversed = ?", account, above)) {
                return true;
            }
        }
        return false;
    }

    /** {@code *.shop.example} and {@code shop.example} become {@code example.shop.}, so that what is below a name is a range. */
    private static String reversed(String pattern) {
        String name = pattern.startsWith("*.") ? pattern.substring(2) : pattern;
        List<String> labels = new ArrayList<>(Arrays.asList(name.split("\\.", -1)));
        Collections.reverse(labels);
        return String.join(".", labels) + ".";
    }
}
