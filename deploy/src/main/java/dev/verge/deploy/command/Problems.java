package dev.verge.deploy.command;

import dev.verge.sync.binding.Problem;
import java.util.List;

/** Mistakes in a document, one a line: {@code path: value — rule; fix}. */
final class Problems {
    private Problems() {}

    static String count(int mistakes) {
        return mistakes == 1 ? "one mistake" : mistakes + " mistakes";
    }

    static String list(List<Problem> problems) {
        StringBuilder lines = new StringBuilder();
        for (Problem problem : problems) {
            lines.append(line(problem.path(), problem.value(), problem.rule(), problem.fix()));
        }
        return lines.toString();
    }

    /** With the line break before it. */
    static String line(String path, String value, String rule, String fix) {
        return "\n  " + (path.isEmpty() ? "document" : path) + ": " + (value.isEmpty() ? "" : value + " — ") + rule
                + (fix.isEmpty() ? "" : "; " + fix);
    }
}
