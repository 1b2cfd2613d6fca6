package dev.verge.deploy.nginx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One directive with its place.
 *
 * @param arguments without quotes
 * @param block what stands in its braces; null when it ends with a semicolon
 * @param file as it was named
 * @param line from 1
 */
record Directive(
        String name, List<String> arguments, @Nullable List<Directive> block, String file, int line) {
    Directive {
        arguments = List.copyOf(arguments);
    }

    /** An argument, empty when there are fewer. */
    String argument(int index) {
        return index < arguments.size() ? arguments.get(index) : "";
    }

    /** All arguments as one text. */
    String text() {
        return String.join(" ", arguments);
    }

    List<Directive> inner() {
        return block == null ? List.of() : block;
    }
}
