package dev.verge.sync.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;

/**
 * What is signed, as bytes that can be read in one way only: every text stands behind its length. Begins with what it is for, so that a
 * signature under one statement is none under another.
 */
public final class Statement {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Statement(String purpose) {
        text(purpose);
    }

    /** Begins a statement. */
    public static Statement of(String purpose) {
        return new Statement(purpose);
    }

    /** Adds a text. */
    public Statement text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a number. */
    public Statement number(long number) {
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        return this;
    }

    /** Adds texts with their number. */
    public Statement texts(Collection<String> texts) {
        number(texts.size());
        texts.forEach(this::text);
        return this;
    }

    /** Adds bytes. */
    public Statement bytes(byte[] content) {
        bytes.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
        bytes.writeBytes(content);
        return this;
    }

    /** All of it. */
    public byte[] toBytes() {
        return bytes.toByteArray();
    }

    /** A SHA-256 that has seen nothing yet. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
