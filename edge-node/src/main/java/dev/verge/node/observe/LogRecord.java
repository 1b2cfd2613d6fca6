package dev.verge.node.observe;

import org.slf4j.Logger;

/** Something that happened, to be written once. Immutable; rendered on the writer's thread. */
public sealed interface LogRecord permits AccessRecord, FunctionRecord {

    Logger logger();

    /** Appends one JSON object without a line break. */
    void json(StringBuilder out);

    /** One line for tools that read Apache's combined format, where there is such a form; else as JSON. */
    default String combined() {
        StringBuilder out = new StringBuilder();
        json(out);
        return out.toString();
    }

    /** One line for people at a terminal. */
    String text();
}
