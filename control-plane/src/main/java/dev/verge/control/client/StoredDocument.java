package dev.verge.control.client;

/**
 * A site document as it is stored.
 *
 * @param text byte for byte as it was sent
 * @param mediaType {@code application/yaml} or {@code application/json}, as it was sent
 * @param etag to pass as {@code ifMatch} with the next change
 * @param version counts from 1
 * @param revision the log position of its last change
 */
public record StoredDocument(String text, String mediaType, String etag, int version, long revision) {}
