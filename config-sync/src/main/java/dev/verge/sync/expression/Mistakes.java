package dev.verge.sync.expression;

import dev.cel.common.CelIssue;
import dev.verge.sync.binding.Nearest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words for what is wrong with an expression: the rule with the place, and how to mend it. */
final class Mistakes {

    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*", Pattern.DOTALL);
    private static final Pattern CHAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

    private Mistakes() {}

    static IllegalArgumentException of(String text, CelIssue issue) {
        int line = issue.getSourceLocation().getLine();
        int column = issue.getSourceLocation().getColumn();
        String message = issue.getMessage();
        Matcher undeclared = UNDECLARED.matcher(message);
        if (undeclared.matches()) {
            return undeclared(text, line, column, undeclared.group(1));
        }
        if (message.startsWith("expected type 'bool'")) {
            return at(text, line, column, message, "make it true or false: compare it with a value");
        }
        if (message.contains("'_+_'")) {
            return at(text, line, column, "strings and lists cannot be joined", "compare the parts, with && between");
        }
        if (message.startsWith("found no matching overload")) {
            int candidates = message.indexOf(" (candidates");
            return at(
                    text,
                    line,
                    column,
                    candidates < 0 ? message : message.substring(0, candidates),
                    "compare values of one type; headers, query and cookies are text: write \"1\", not 1");
        }
        int expecting = message.indexOf(" expecting ");
        return at(text, line, column, expecting < 0 ? message : message.substring(0, expecting), "correct it there");
    }

    private static IllegalArgumentException undeclared(String text, int line, int column, String name) {
        String[] lines = text.split("\n", -1);
        String rest = line >= 1 && line <= lines.length && column >= 0 && column < lines[line - 1].length()
                ? lines[line - 1].substring(column)
                : "";
        Matcher chain = CHAIN.matcher(rest);
        String written = chain.lookingAt() && chain.group().startsWith(name) ? chain.group() : name;
        String known = String.join(", ", Fact.names());
        return at(
                text,
                line,
                column,
                written + " is not known",
                Nearest.fix(
                        written,
                        Fact.names(),
                        "use one of " + known + ", and ==, in, has, exists, all, size, contains, startsWith, endsWith,"
                                + " matches"));
    }

    /** Line and column count from 1 in the message; {@code column} from 0 here. */
    static IllegalArgumentException at(String text, int line, int column, String what, String fix) {
        String place = text.indexOf('\n') < 0
                ? "at character " + (column + 1)
                : "at line " + line + ", character " + (column + 1);
        return new IllegalArgumentException(
                "a CEL expression that is true or false, but " + place + ": " + oneLine(what) + "; " + fix);
    }

    /** The last semicolon of a message parts the rule from the fix. */
    private static String oneLine(String message) {
        String line = message.replace(';', ',').replaceAll("\\s+", " ");
        return line.length() > 300 ? line.substring(0, 300) + "…" : line;
    }
}
