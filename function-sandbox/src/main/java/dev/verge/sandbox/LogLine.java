package dev.verge.sandbox;

import java.time.Instant;

/**
 * One line that an invocation logged.
 *
 * @param level {@code debug}, {@code info}, {@code log}, {@code warn}, {@code error} (console), or {@code exception} for an
 *     exception with its stack of module file, line and column
 */
public record LogLine(Instant at, String level, String text) {}
