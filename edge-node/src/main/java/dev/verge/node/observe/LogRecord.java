package dev.verge.node.observe;

import org.slf4j.Logger;

/** Something that happened, to be written once. Immutable; rendered on the writer's thread. */
public sealed interface LogRecord permits AccessRecord, FunctionRecord {

    Logger logger();

    /** One JSON object without a line break. */
    String json();

    /** One line for tools that read Apache's combined format, where there is such a form; else as JSON. */
    default String combined() {
        return json();
    }

    /** One line for people at a terminal. */
    String text();
}
