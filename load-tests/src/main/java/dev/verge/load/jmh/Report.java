package dev.verge.load.jmh;

import java.io.PrintStream;
import java.util.Locale;

/** Markdown on standard output. */
public final class Report {
    private final PrintStream out;

    public Report(PrintStream out) {
        this.out = out;
    }

    public void text(String paragraph) {
        out.println();
        out.println(paragraph);
        out.println();
    }

    /** The first row of a table. */
    public void header(String... columns) {
        row((Object[]) columns);
        out.println("|" + "---|".repeat(columns.length));
    }

    /** Numbers are printed with as many digits as are worth reading. */
    public void row(Object... cells) {
        var line = new StringBuilder("|");
        for (Object cell : cells) {
            line.append(' ')
                    .append(cell instanceof Double number ? digits(number) : cell)
                    .append(" |");
        }
        out.println(line);
    }

    private static String digits(double number) {
        double size = Math.abs(number);
        String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size == 0 ? "%.0f" : "%.2f";
        return String.format(Locale.ROOT, format, number);
    }
}
