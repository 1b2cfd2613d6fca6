package dev.verge.sync.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Turns written conditions into a tree. */
final class MatcherTree {

    private MatcherTree() {}

    static Matcher of(When when) {
        List<Matcher> parts = new ArrayList<>();
        if (when.method() != null) {
            parts.add(new Matcher.Method(when.method()));
        }
        if (when.scheme() != null) {
            parts.add(new Matcher.ByScheme(when.scheme()));
        }
        if (when.status() != null) {
            parts.add(new Matcher.Status(when.status()));
        }
        if (when.host() != null) {
            parts.add(new Matcher.Host(when.host()));
        }
        if (when.path() != null) {
            parts.add(new Matcher.Path(when.path()));
        }
        if (when.ip() != null) {
            parts.add(new Matcher.ClientAddress(when.ip()));
        }
        if (when.country() != null) {
            parts.add(new Matcher.Country(Set.copyOf(when.country())));
        }
        if (when.deviceType() != null) {
            parts.add(new Matcher.Device(when.deviceType()));
        }
        if (when.header() != null) {
            when.header().forEach((name, value) -> parts.add(new Matcher.Header(name, value)));
        }
        if (when.query() != null) {
            when.query().forEach((name, value) -> parts.add(new Matcher.Query(name, value)));
        }
        if (when.cookie() != null) {
            when.cookie().forEach((name, value) -> parts.add(new Matcher.Cookie(name, value)));
        }
        if (when.any() != null) {
            parts.add(new Matcher.Any(when.any().stream().map(MatcherTree::of).toList()));
        }
        if (when.not() != null) {
            parts.add(new Matcher.Not(of(when.not())));
        }
        if (when.expr() != null) {
            parts.add(new Matcher.Expr(when.expr()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Matcher.All(parts);
    }
}
