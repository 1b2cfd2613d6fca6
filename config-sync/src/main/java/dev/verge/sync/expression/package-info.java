/**
 * Expressions of rules in CEL, the Common Expression Language: compiled and type-checked when a document arrives, evaluated for requests
 * within bounds.
 *
 * <p>May enter: what expressions may say, what they cost at most, words for their mistakes. Never here: where the facts come from. The
 * library is loaded by the first document that has an expression, not before.
 */
@NullMarked
package dev.verge.sync.expression;

import org.jspecify.annotations.NullMarked;
