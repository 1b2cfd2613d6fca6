package dev.verge.node.rules;

import dev.verge.sync.document.Matcher;
import dev.verge.sync.expression.Expression;
import dev.verge.sync.expression.Verdict;
import java.util.List;
import java.util.Locale;

/** Why a rule's conditions do not hold for a request, in one line. Asks the same conditions again, so it cannot disagree with them. */
final class Explanation {
    private static final int MAX_LENGTH = 300;

    private final RequestFacts facts;
    private final int status;
    private final Conditions conditions;

    Explanation(RequestFacts facts, int status) {
        this.facts = facts;
        this.status = status;
        this.conditions = new Conditions(facts, status);
    }

    /** The first condition that does not hold, with what the request has in its place. */
    String of(Matcher matcher) {
        String line = failure(matcher).replaceAll("\\p{Cntrl}", " ");
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "…" : line;
    }

    private String failure(Matcher matcher) {
        return switch (matcher) {
            case Matcher.All(List<Matcher> parts) -> {
                for (Matcher part : parts) {
                    if (!conditions.hold(part)) {
                        yield failure(part);
                    }
                }
                yield "";
            }
            case Matcher.Any(List<Matcher> parts) ->
                "any: none holds; "
                        + String.join("; ", parts.stream().map(this::failure).toList());
            case Matcher.Not(Matcher part) -> "not: " + name(part) + " holds";
            case Matcher.Path(var patterns) -> "path: " + facts.path() + " is not " + either(patterns);
            case Matcher.Host(var patterns) -> "host: " + facts.host() + " is not " + either(patterns);
            case Matcher.Query query ->
                "query " + query.name() + ": "
                        + found(
                                RequestValues.arguments(facts, query.name()),
                                query.value().toString());
            case Matcher.Header header ->
                "header " + header.name() + ": "
                        + found(
                                facts.header(header.name().lowerCase()),
                                header.value().toString());
            case Matcher.Cookie cookie -> {
                String value = RequestValues.cookie(facts, cookie.name());
                yield "cookie " + cookie.name() + ": "
                        + found(
                                value == null ? List.of() : List.of(value),
                                cookie.value().toString());
            }
            case Matcher.Method(var names) ->
                "method: " + facts.method() + " is not "
                        + either(names.stream().map(name -> name.name()).toList());
            case Matcher.ClientAddress(var ranges) ->
                "ip: " + facts.clientAddress().getHostAddress() + " is not in " + either(ranges);
            case Matcher.ByScheme(var scheme) ->
                "scheme: " + facts.scheme() + " is not " + scheme.name().toLowerCase(Locale.ROOT);
            case Matcher.Country(var codes) ->
                "country: " + (facts.country().isEmpty() ? "not known" : facts.country()) + " is not "
                        + either(codes.stream().sorted().toList());
            case Matcher.Device(var types) ->
                "deviceType: " + lower(RequestValues.device(facts)) + " is not "
                        + either(types.stream().map(Explanation::lower).toList());
            case Matcher.Expr(Expression expression) -> "expr: " + verdict(expression) + ": " + expression;
            case Matcher.Status(var ranges) -> "status: " + status + " is not " + either(ranges);
        };
    }

    private String verdict(Expression expression) {
        Verdict verdict = expression.evaluate(new ExpressionFacts(facts, status));
        return switch (verdict) {
            case HOLDS -> "is true";
            case FAILS -> "is false";
            case ERROR -> "cannot be evaluated (something it asks for is not there)";
            case TOO_COSTLY -> "costs too much";
        };
    }

    private static String name(Matcher matcher) {
        return switch (matcher) {
            case Matcher.Path(var patterns) -> "path " + either(patterns);
            case Matcher.Host(var patterns) -> "host " + either(patterns);
            case Matcher.Expr(Expression expression) -> "expr " + expression;
            default -> "its condition";
        };
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String found(List<String> values, String wanted) {
        return values.isEmpty()
                ? "there is none, wanted is " + wanted
                : "\"" + String.join("\", \"", values) + "\" is not " + wanted;
    }

    private static String either(List<?> choices) {
        return String.join(
                        " or ", choices.stream().limit(5).map(String::valueOf).toList())
                + (choices.size() > 5 ? " or …" : "");
    }
}
