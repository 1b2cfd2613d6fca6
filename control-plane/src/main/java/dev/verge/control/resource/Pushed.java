package dev.verge.control.resource;

/**
 * The answer to a function push.
 *
 * @param name the function
 * @param version the version that holds this code: a new one, or the newest when nothing differs from it
 * @param sha256 of the bundle's canonical bytes
 * @param revision the log position of the deployment that it caused; the last one's when it caused none
 * @param activated whether the version takes all traffic now
 * @param sizeBytes of the bundle
 */
public record Pushed(String name, int version, String sha256, long revision, boolean activated, long sizeBytes) {}
