package dev.verge.control.client;

/**
 * What came of storing a site document.
 *
 * @param created whether the site is new
 * @param changed false when the stored document was the same already
 * @param etag to pass as {@code ifMatch} with the next change
 * @param version the version now current
 * @param revision the log position of its last change
 */
public record Applied(boolean created, boolean changed, String etag, int version, long revision) {}
