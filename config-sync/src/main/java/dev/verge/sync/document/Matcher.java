package dev.verge.sync.document;

import dev.verge.sync.expression.Expression;
import java.util.List;
import java.util.Set;

/** The conditions of a rule as a tree. */
public sealed interface Matcher {

    /** Every part holds; always when there is none. */
    record All(List<Matcher> parts) implements Matcher {
        public All {
            parts = List.copyOf(parts);
        }
    }

    /** At least one part holds. */
    record Any(List<Matcher> parts) implements Matcher {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /** The part does not hold. */
    record Not(Matcher part) implements Matcher {}

    /** One of the patterns takes the path; the first that does gives the named groups. */
    record Path(List<PathPattern> patterns) implements Matcher {}

    /** One of the patterns takes the canonical host. */
    record Host(List<HostPattern> patterns) implements Matcher {}

    /** One of the values of the argument matches. */
    record Query(String name, ValuePattern value) implements Matcher {}

    /** One of the values of the field matches. */
    record Header(FieldName name, ValuePattern value) implements Matcher {}

    /** The cookie's value matches. */
    record Cookie(String name, ValuePattern value) implements Matcher {}

    /** The request's method is one of these. */
    record Method(List<MethodName> names) implements Matcher {}

    /** The client's address lies in one of the ranges. */
    record ClientAddress(List<Cidr> ranges) implements Matcher {}

    /** The client came by this scheme. */
    record ByScheme(Scheme scheme) implements Matcher {}

    /** The client is in one of these countries. */
    record Country(Set<String> codes) implements Matcher {
        public Country {
            codes = Set.copyOf(codes);
        }
    }

    /** The client is of one of these kinds. */
    record Device(List<DeviceType> types) implements Matcher {}

    /** The expression is true. */
    record Expr(Expression expression) implements Matcher {}

    /** The response's status lies in one of the ranges. */
    record Status(List<StatusRange> ranges) implements Matcher {}
}
