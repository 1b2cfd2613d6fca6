package dev.verge.sync.binding;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** How values of a document appear in a problem: short and on one line. */
final class Shown {

    static final int MAX_VALUE = 120;

    private Shown() {}

    static String shorten(String text, int max) {
        String line = text.length() <= max ? text : text.substring(0, max - 1) + "…";
        StringBuilder clean = null;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (Character.isISOControl(c)) {
                if (clean == null) {
                    clean = new StringBuilder(line);
                }
                clean.setCharAt(i, ' ');
            }
        }
        return clean == null ? line : clean.toString();
    }

    static String value(@Nullable JsonNode node) {
        if (node == null || node.isMissingNode()) {
            return "";
        }
        if (node.isTextual()) {
            return shorten(node.textValue(), MAX_VALUE);
        }
        if (node.isObject()) {
            return node.isEmpty()
                    ? "{}"
                    : "{" + shorten(String.join(", ", (Iterable<String>) node::fieldNames), 60) + "}";
        }
        if (node.isArray()) {
            return "a list of " + node.size();
        }
        return shorten(node.asText(), MAX_VALUE);
    }
}
