package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;

/**
 * What is told of a certificate: never its key.
 *
 * @param name its name in the account
 * @param names the DNS names and addresses that it is for
 * @param subject whom it was made for
 * @param issuer who signed it
 * @param serial its number with the issuer, hex
 * @param notBefore from when it is valid
 * @param notAfter until when
 * @param fingerprint SHA-256, lower-case hex
 * @param keyType algorithm and size, {@code RSA 2048}, {@code EC 256}, {@code Ed25519}
 * @param sites the sites that name it, for their clients or for their origins; 100 at most
 * @param warnings what its owner should look at, a line each
 * @param version counts up with each upload
 * @param revision the log position of its last change
 * @param changedAt when it was uploaded last
 * @param changedBy name of the token that did
 */
public record CertificateView(
        String name,
        List<String> names,
        String subject,
        String issuer,
        String serial,
        Instant notBefore,
        Instant notAfter,
        String fingerprint,
        String keyType,
        List<String> sites,
        List<String> warnings,
        int version,
        long revision,
        Instant changedAt,
        String changedBy) {}
