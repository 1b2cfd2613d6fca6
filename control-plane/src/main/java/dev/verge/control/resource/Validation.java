package dev.verge.control.resource;

import java.util.List;

/**
 * The answer of a dry run that found no mistake.
 *
 * @param valid always true: a document with mistakes is answered with a problem
 * @param changes whether storing the document would change anything
 * @param version the current version that it was compared with; 0 when there is none
 * @param differences what would change, field by field, the first hundred; none when only its form differs
 */
public record Validation(boolean valid, boolean changes, int version, List<FieldChange> differences) {}
