/**
 * Keys: Ed25519 for signatures (RFC 8032), X25519 for sealing to one receiver (RFC 9180's DHKEM), AES-GCM under a shared key; and the
 * unambiguous bytes that are signed.
 *
 * <p>May enter: an algorithm of the Java platform, or of Bouncy Castle where that is much cheaper, in the form that this system uses it in. Never here: who is trusted with what.
 */
@NullMarked
package dev.verge.sync.crypto;

import org.jspecify.annotations.NullMarked;
