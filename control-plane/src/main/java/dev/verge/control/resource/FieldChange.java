package dev.verge.control.resource;

import org.jspecify.annotations.Nullable;

/**
 * What is different at one place of two documents.
 *
 * @param path of the field, as {@code pools.app.origins[0].url}
 * @param before as JSON, shortened; null when it was not there
 * @param after likewise; null when it is gone
 */
public record FieldChange(
        String path, @Nullable String before, @Nullable String after) {}
