package dev.verge.control.resource;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the certificate of a site with {@code tls.certificate: auto} stands.
 *
 * @param name that it is stored under; there is none before the first was issued
 * @param state {@code waiting} for its turn, {@code ordering}, {@code issued}, or {@code failed}: the last order did; a certificate that
 *     was issued before is served on
 * @param reason why the last order failed; null otherwise
 * @param failures one after the other
 * @param nextAt when the next order is due
 */
public record AutoCertificate(
        String name, String state, @Nullable String reason, int failures, Instant nextAt) {}
