package dev.verge.control.resource;

/**
 * One mistake in what was sent.
 *
 * @param path of the field, as {@code pools.app.origins[0].url}; empty for the whole document
 * @param value what was there, as written; never a secret
 * @param rule what it breaks
 * @param fix what to write instead
 */
public record FieldError(String path, String value, String rule, String fix) {}
