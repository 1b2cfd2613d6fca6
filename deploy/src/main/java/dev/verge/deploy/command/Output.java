package dev.verge.deploy.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import java.util.List;

/** What a command prints: lines and tables for people, one JSON value for scripts. */
final class Output {
    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .enable(SerializationFeature.INDENT_OUTPUT);

    /** ANSI colours (ECMA-48 SGR), used on a terminal only. */
    enum Colour {
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        CYAN("36");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }

    /** ECMA-48 EL: what stands behind the cursor. */
    private static final String ERASE_REST = "\u001b[K";

    private final Environment environment;
    private final boolean json;
    private volatile String passing = "";

    Output(Environment environment, boolean json) {
        this.environment = environment;
        this.json = json;
    }

    /** Whether a script reads along: then exactly one value is printed, by {@link #value}. */
    boolean json() {
        return json;
    }

    /** A line for people; scripts do not see it. */
    void line(String line) {
        if (!json) {
            environment.out().println(line);
        }
    }

    /** A line that the next one takes the place of, empty to end it; on a terminal only. */
    void passing(String line) {
        if (environment.terminal() && !json && !(line.isEmpty() && passing.isEmpty())) {
            environment.out().print("\r" + line + ERASE_REST);
            environment.out().flush();
        }
        passing = line;
    }

    /** Text as it is, for people. */
    void text(String text) {
        if (!json) {
            environment.out().print(text);
        }
    }

    /** Bytes as they are; scripts that read JSON do not see them. */
    void bytes(byte[] content) {
        if (!json) {
            environment.out().write(content, 0, content.length);
            environment.out().flush();
        }
    }

    /** The JSON value for scripts; people do not see it. */
    void value(Object value) {
        if (json) {
            try {
                environment.out().println(JSON.writeValueAsString(value));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("an answer of the API is not JSON", e);
            }
        }
    }

    /** One JSON value of a stream of them, for scripts, as it came. */
    void raw(String value) {
        environment.out().println(value);
    }

    /** Something went wrong that does not end the command. */
    void complaint(String line) {
        environment.err().println(line);
    }

    String colour(Colour colour, String text) {
        return environment.colours() ? "\u001b[" + colour.code + "m" + text + "\u001b[0m" : text;
    }

    /** Columns as wide as their widest cell; the last one is not padded. */
    void table(List<String> titles, List<List<String>> rows) {
        int[] widths = new int[titles.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = titles.get(column).length();
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        line(row(titles, widths));
        rows.forEach(row -> line(row(row, widths)));
    }

    private static String row(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            line.append(cell);
            if (column < widths.length - 1) {
                line.repeat(' ', widths[column] - cell.length() + 2);
            }
        }
        return line.toString();
    }
}
