package dev.verge.node.rules;

import dev.verge.sync.document.Cidr;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.document.Matcher;
import dev.verge.sync.document.MethodName;
import dev.verge.sync.document.PathPattern;
import dev.verge.sync.document.StatusRange;
import dev.verge.sync.document.ValuePattern;
import dev.verge.sync.expression.Expression;
import dev.verge.sync.expression.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Whether a rule's conditions hold; collects the named groups of the path expressions that matched. */
final class Conditions {
    private final RequestFacts facts;
    private final int status;
    private final ExpressionFacts expressionFacts;
    private int expressionErrors;
    private final Map<String, String> groups = new HashMap<>();

    /** @param status of the response; 0 in the request phase, where no condition on the status holds */
    Conditions(RequestFacts facts, int status) {
        this.facts = facts;
        this.status = status;
        this.expressionFacts = new ExpressionFacts(facts, status);
    }

    /** Groups collected by the last {@link #hold}. */
    Map<String, String> groups() {
        return groups;
    }

    /** How many expressions could not be evaluated so far. */
    int expressionErrors() {
        return expressionErrors;
    }

    boolean hold(Matcher matcher) {
        groups.clear();
        return holds(matcher);
    }

    private boolean holds(Matcher matcher) {
        return switch (matcher) {
            case Matcher.All(List<Matcher> parts) -> parts.stream().allMatch(this::holds);
            case Matcher.Any(List<Matcher> parts) -> parts.stream().anyMatch(this::holds);
            case Matcher.Not(Matcher part) -> !holds(part);
            case Matcher.Path(List<PathPattern> patterns) -> anyPath(patterns);
            case Matcher.Host(List<HostPattern> patterns) ->
                patterns.stream().anyMatch(pattern -> pattern.matches(facts.host()));
            case Matcher.Query query -> anyValue(query.value(), RequestValues.arguments(facts, query.name()));
            case Matcher.Header header ->
                anyValue(header.value(), facts.header(header.name().lowerCase()));
            case Matcher.Cookie cookie -> {
                String value = RequestValues.cookie(facts, cookie.name());
                yield value != null && cookie.value().matches(value);
            }
            case Matcher.Method(List<MethodName> names) ->
                names.stream().anyMatch(name -> name.name().equals(facts.method()));
            case Matcher.ClientAddress(List<Cidr> ranges) ->
                ranges.stream().anyMatch(range -> range.contains(facts.clientAddress()));
            case Matcher.ByScheme byScheme ->
                byScheme.scheme().name().toLowerCase(Locale.ROOT).equals(facts.scheme());
            case Matcher.Country(Set<String> codes) -> codes.contains(facts.country());
            case Matcher.Device device -> device.types().contains(RequestValues.device(facts));
            case Matcher.Expr(Expression expression) -> isTrue(expression);
            case Matcher.Status(List<StatusRange> ranges) ->
                status != 0 && ranges.stream().anyMatch(range -> range.contains(status));
        };
    }

    /** What cannot be evaluated does not hold. */
    private boolean isTrue(Expression expression) {
        Verdict verdict = expression.evaluate(expressionFacts);
        if (verdict == Verdict.ERROR || verdict == Verdict.TOO_COSTLY) {
            expressionErrors++;
        }
        return verdict == Verdict.HOLDS;
    }

    private boolean anyPath(List<PathPattern> patterns) {
        for (PathPattern pattern : patterns) {
            Map<String, String> found = pattern.match(facts.path());
            if (found != null) {
                groups.putAll(found);
                return true;
            }
        }
        return false;
    }

    private static boolean anyValue(ValuePattern pattern, List<String> values) {
        return values.stream().anyMatch(pattern::matches);
    }
}
