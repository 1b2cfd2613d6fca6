package dev.verge.control.resource;

import java.time.Instant;

/**
 * An account.
 *
 * @param name its name
 * @param createdAt when it was made
 */
public record AccountView(String name, Instant createdAt) {}
