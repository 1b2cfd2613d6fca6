package dev.verge.sync.trust;

/**
 * A signature of the control plane.
 *
 * @param key number of the key that it is under
 * @param signature in base64
 */
public record Proof(int key, String signature) {}
