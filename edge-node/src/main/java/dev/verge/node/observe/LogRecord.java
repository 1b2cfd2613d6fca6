package dev.verge.node.observe;

import org.slf4j.Logger;

/** Something that happened, to be written once. Immutable; rendered on the writer's thread. */
public sealed interface LogRecord permits AccessRecord, FunctionRecord {

    Logger logger();

    /** One JSON object without a line break. */
    String json();

    /** One line for people at a terminal. */
    String text();
}
