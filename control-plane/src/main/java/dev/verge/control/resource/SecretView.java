package dev.verge.control.resource;

import java.time.Instant;

/**
 * What is told of a secret: never its value.
 *
 * @param name its name in {@code env}
 * @param changedAt when it was set last
 * @param changedBy name of the token that set it
 */
public record SecretView(String name, Instant changedAt, String changedBy) {}
