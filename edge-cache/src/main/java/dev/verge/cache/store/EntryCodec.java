package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.zip.CRC32C;

/** Metadata of an entry as bytes: everything but the body, behind a checksum of its own. */
final class EntryCodec {
    private static final int CHECKSUM_BYTES = 4;

    private EntryCodec() {}

    /** What one metadata row holds. */
    record Entry(CacheKey key, StoredResponse response, long epoch, int firstChunk) {}

    static byte[] encode(Entry entry) {
        var bytes = new ByteArrayOutputStream(1024);
        bytes.writeBytes(new byte[CHECKSUM_BYTES]);
        try (var out = new DataOutputStream(bytes)) {
            CacheKey key = entry.key();
            text(out, key.text());
            text(out, key.scope());
            text(out, key.host());
            text(out, key.path());
            out.writeBoolean(key.query() != null);
            text(out, key.query() == null ? "" : key.query());
            StoredResponse response = entry.response();
            out.writeLong(response.id());
            out.writeShort(response.status());
            fields(out, response.head().fields());
            fields(out, response.selecting());
            out.writeLong(response.requestedAt().toEpochMilli());
            out.writeLong(response.receivedAt().toEpochMilli());
            out.writeLong(response.bodyBytes());
            out.writeBoolean(response.isSoftPurged());
            out.writeLong(entry.epoch());
            out.writeInt(entry.firstChunk());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        byte[] encoded = bytes.toByteArray();
        int checksum = checksum(encoded);
        for (int i = 0; i < CHECKSUM_BYTES; i++) {
            encoded[i] = (byte) (checksum >>> (24 - 8 * i));
        }
        return encoded;
    }

    /** Reads a row back; throws when it is not exactly what was written. */
    static Entry decode(byte[] encoded) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        try {
            if (in.getInt() != checksum(encoded)) {
                throw new IOException("metadata checksum differs");
            }
            String keyText = text(in, encoded);
            String scope = text(in, encoded);
            String host = text(in, encoded);
            String path = text(in, encoded);
            boolean hasQuery = in.get() != 0;
            String query = text(in, encoded);
            CacheKey key = CacheKey.restored(keyText, scope, host, path, hasQuery ? query : null);
            long id = in.getLong();
            int status = Short.toUnsignedInt(in.getShort());
            HttpFields fields = fields(in, encoded);
            HttpFields selecting = fields(in, encoded);
            Instant requestedAt = Instant.ofEpochMilli(in.getLong());
            Instant receivedAt = Instant.ofEpochMilli(in.getLong());
            long bodyBytes = in.getLong();
            boolean softPurged = in.get() != 0;
            long epoch = in.getLong();
            int firstChunk = in.getInt();
            var response = new StoredResponse(
                    id, new ResponseHead(status, fields), selecting, requestedAt, receivedAt, bodyBytes, softPurged);
            return new Entry(key, response, epoch, firstChunk);
        } catch (BufferUnderflowException | DateTimeException | IllegalArgumentException nonsense) {
            throw new IOException("metadata is not readable", nonsense);
        }
    }

    private static int checksum(byte[] encoded) {
        var crc = new CRC32C();
        crc.update(encoded, CHECKSUM_BYTES, Math.max(0, encoded.length - CHECKSUM_BYTES));
        return (int) crc.getValue();
    }

    private static void fields(DataOutputStream out, HttpFields fields) throws IOException {
        out.writeInt(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            text(out, fields.name(i));
            text(out, fields.value(i));
        }
    }

    private static HttpFields fields(ByteBuffer in, byte[] encoded) throws IOException {
        int size = in.getInt();
        HttpFields.Builder fields = HttpFields.builder();
        for (int i = 0; i < size; i++) {
            fields.add(text(in, encoded), text(in, encoded));
        }
        return fields.build();
    }

    /** Latin-1 when possible (field values are bytes), UTF-16 otherwise (it keeps unpaired surrogates); the sign of the length says which. */
    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (new String(bytes, StandardCharsets.ISO_8859_1).equals(text)) {
            out.writeInt(bytes.length);
            out.write(bytes);
        } else {
            byte[] wide = text.getBytes(StandardCharsets.UTF_16BE);
            out.writeInt(-wide.length);
            out.write(wide);
        }
    }

    /** @param encoded what the buffer wraps */
    private static String text(ByteBuffer in, byte[] encoded) throws IOException {
        int length = in.getInt();
        int size = Math.abs(length);
        if (size < 0 || size > in.remaining()) {
            throw new IOException("metadata ends early");
        }
        int at = in.position();
        in.position(at + size);
        return new String(encoded, at, size, length >= 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16BE);
    }
}
