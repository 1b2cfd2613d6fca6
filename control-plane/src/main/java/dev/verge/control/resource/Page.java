package dev.verge.control.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items in the list's own order, at most the page's limit
 * @param next the cursor to pass as {@code ?cursor=} for the next page, or null when this is the last
 */
public record Page<T>(List<T> items, @Nullable String next) {}
