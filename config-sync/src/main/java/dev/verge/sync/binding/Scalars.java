package dev.verge.sync.binding;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Binds the leaves: each method gives the value or {@link Mark#MISTAKE} with its problem added. */
final class Scalars {

    /** Types that read themselves may name their field; the path says it already. */
    private static final Pattern FIELD_NAME = Pattern.compile("^[A-Za-z]+: ");

    private final Problems problems;

    Scalars(Problems problems) {
        this.problems = problems;
    }

    Object text(JsonNode node, Shape.Text shape, String path) {
        if (!node.isTextual()) {
            return mistake(path, node, shape, node.isValueNode() ? "write \"" + node.asText() + "\"" : "write text");
        }
        String text = node.textValue();
        Constraints limits = shape.limits();
        if (!limits.allowsSize(text.length())) {
            return mistake(path, node, shape, text.isEmpty() ? "write at least one character" : "change its length");
        }
        if (limits.pattern() != null && !limits.pattern().matcher(text).matches()) {
            return mistake(path, node, shape, "write it so");
        }
        return text;
    }

    Object flag(JsonNode node, Shape.Flag shape, String path) {
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        String fix = switch (node.asText().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> "write true";
            case "false", "no", "off", "0" -> "write false";
            default -> "write true or false";
        };
        return mistake(path, node, shape, fix);
    }

    Object whole(JsonNode node, Shape.Whole shape, String path) {
        long value;
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            value = node.longValue();
        } else if (shape.bytes() && node.isTextual()) {
            try {
                value = SizeText.parse(node.textValue());
            } catch (IllegalArgumentException wrong) {
                return mistake(path, node, shape, fix(wrong));
            }
        } else {
            boolean quoted = node.isTextual() && node.textValue().matches("-?\\d{1,18}");
            return mistake(path, node, shape, quoted ? "write it without quotes" : "write a whole number");
        }
        boolean fits = !shape.isInt() || (value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE);
        if (!fits || !shape.limits().allowsNumber((double) value)) {
            return mistake(path, node, shape, "write a number in the range");
        }
        return shape.isInt() ? (Object) (int) value : (Object) value;
    }

    Object decimal(JsonNode node, Shape.Decimal shape, String path) {
        if (!node.isNumber()) {
            return mistake(path, node, shape, "write a number");
        }
        double value = node.doubleValue();
        if (!Double.isFinite(value) || !shape.limits().allowsNumber(value)) {
            return mistake(path, node, shape, "write a number in the range");
        }
        return value;
    }

    Object time(JsonNode node, Shape.Time shape, String path) {
        if (!node.isValueNode() || node.isBoolean()) {
            return mistake(path, node, shape, "write it as 250ms, 10s, 5m, 1h or 1d");
        }
        Duration value;
        try {
            value = DurationText.parse(node.asText());
        } catch (IllegalArgumentException wrong) {
            return mistake(path, node, shape, fix(wrong));
        }
        if (!shape.limits().allowsDuration(value)) {
            return mistake(path, node, shape, "write a duration in the range");
        }
        return value;
    }

    Object choice(JsonNode node, Shape.Choice shape, String path) {
        Object constant = node.isTextual() ? shape.constants().get(node.textValue()) : null;
        if (constant != null) {
            return constant;
        }
        String text = node.isValueNode() ? node.asText() : "";
        String fix = shape.constants().containsKey(text)
                ? "write \"" + text + "\" in quotes"
                : Nearest.fix(text, shape.constants().keySet(), "use one of them");
        return mistake(path, node, shape, fix);
    }

    Object parsed(JsonNode node, Shape.Parsed shape, String path) {
        // The text "null" is a host or a header's value as good as any other, and nobody's who left it out.
        if (!node.isValueNode() || node.isNull()) {
            return mistake(path, node, shape, "write text");
        }
        return read(shape.creator(), node.asText(), node, path);
    }

    Object tree(JsonNode node, Shape.Tree shape, String path) {
        Method creator = shape.creator();
        return creator == null ? node : read(creator, node, node, path);
    }

    /** The type reads itself; what it throws is {@code the rule; the fix}. */
    private Object read(Method creator, Object argument, JsonNode node, String path) {
        try {
            return creator.invoke(null, argument);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof IllegalArgumentException wrong) {
                String text = wrong.getMessage() == null ? "not readable" : wrong.getMessage();
                text = FIELD_NAME.matcher(text).replaceFirst("");
                int semicolon = text.lastIndexOf("; ");
                problems.add(
                        path,
                        node,
                        semicolon > 0 ? text.substring(0, semicolon) : text,
                        semicolon > 0 ? text.substring(semicolon + 2) : "write it differently");
                return Mark.MISTAKE;
            }
            throw new IllegalStateException(creator + " at " + path, refused.getCause());
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(creator.toString(), impossible);
        }
    }

    private Object mistake(String path, JsonNode node, Shape shape, String fix) {
        problems.add(path, node, Rules.of(shape), fix);
        return Mark.MISTAKE;
    }

    private static String fix(IllegalArgumentException wrong) {
        return wrong.getMessage() == null ? "write it differently" : wrong.getMessage();
    }
}
