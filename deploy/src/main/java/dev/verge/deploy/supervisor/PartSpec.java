package dev.verge.deploy.supervisor;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * One process of the platform.
 *
 * @param name {@code control-plane}, {@code node-0}, {@code origin-0}…
 * @param command program and arguments
 * @param address where its users find it
 * @param ready answers 200 when the part can do its job
 * @param grace how long it may take to stop by itself
 */
record PartSpec(String name, List<String> command, URI address, URI ready, Duration grace) {}
