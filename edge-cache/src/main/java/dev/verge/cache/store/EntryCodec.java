package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.ResponseHead;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.zip.CRC32C;

/** Metadata of an entry as bytes: everything but the body, behind a checksum of its own. */
final class EntryCodec {
    private static final int CHECKSUM_BYTES = 4;
    private static final int MAX_TEXT_BYTES = 16 << 20;

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
        try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            if (in.readInt() != checksum(encoded)) {
                throw new IOException("metadata checksum differs");
            }
            String keyText = text(in);
            String scope = text(in);
            String host = text(in);
            String path = text(in);
            boolean hasQuery = in.readBoolean();
            String query = text(in);
            CacheKey key = CacheKey.restored(keyText, scope, host, path, hasQuery ? query : null);
            long id = in.readLong();
            int status = in.readUnsignedShort();
            HttpFields fields = fields(in);
            HttpFields selecting = fields(in);
            Instant requestedAt = Instant.ofEpochMilli(in.readLong());
            Instant receivedAt = Instant.ofEpochMilli(in.readLong());
            long bodyBytes = in.readLong();
            boolean softPurged = in.readBoolean();
            long epoch = in.readLong();
            int firstChunk = in.readInt();
            var response = new StoredResponse(
                    id, new ResponseHead(status, fields), selecting, requestedAt, receivedAt, bodyBytes, softPurged);
            return new Entry(key, response, epoch, firstChunk);
        } catch (DateTimeException | IllegalArgumentException nonsense) {
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

    private static HttpFields fields(DataInputStream in) throws IOException {
        int size = in.readInt();
        HttpFields.Builder fields = HttpFields.builder();
        for (int i = 0; i < size; i++) {
            fields.add(text(in), text(in));
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

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        int size = Math.abs(length);
        if (size < 0 || size > MAX_TEXT_BYTES) {
            throw new IOException("metadata is not readable");
        }
        byte[] bytes = in.readNBytes(size);
        if (bytes.length != size) {
            throw new IOException("metadata ends early");
        }
        return new String(bytes, length >= 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16BE);
    }
}
