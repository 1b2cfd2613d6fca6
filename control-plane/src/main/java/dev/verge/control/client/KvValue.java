package dev.verge.control.client;

import org.jspecify.annotations.Nullable;

/**
 * A value of a key-value namespace.
 *
 * @param bytes not to be changed
 * @param metadata JSON text that its writer put beside it; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // Values are never compared.
public record KvValue(byte[] bytes, @Nullable String metadata) {}
