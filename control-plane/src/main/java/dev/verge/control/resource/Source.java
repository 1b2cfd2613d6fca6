package dev.verge.control.resource;

import java.util.Map;

/**
 * The source of a function version.
 *
 * @param main the entry module's name
 * @param modules every module's text by name
 */
public record Source(String main, Map<String, String> modules) {}
