package dev.verge.deploy.nginx;

/**
 * A directive that is not in the document, or not quite as it was.
 *
 * @param file relative to the folder of the first one
 * @param line from 1
 * @param directive as it stands there
 * @param reason why, and what to do instead
 */
public record Note(String file, int line, String directive, String reason) {}
