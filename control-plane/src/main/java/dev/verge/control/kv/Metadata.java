package dev.verge.control.kv;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.verge.control.api.Problems;
import dev.verge.sync.log.KvEntry;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The JSON beside a value: as it is stored, and as it stands in a header field. */
final class Metadata {
    /** Name of the header field, of calls and answers. */
    static final String FIELD = "Verge-Metadata";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final JsonMapper ASCII =
            JSON.rebuild().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Metadata() {}

    /** What a header field says, as {@link #stored} has it. */
    static @Nullable String ofField(@Nullable String text) {
        // What a field holds beyond ASCII is of no known encoding (RFC 9110, section 5.5).
        if (text != null && !text.chars().allMatch(c -> c < 0x80)) {
            throw Problems.malformed(FIELD + " holds characters beyond ASCII; write them as JSON may, as \\uXXXX.");
        }
        return stored(text);
    }

    /** The text as it is stored, without needless space; null for none and for JSON's null. Ends the call when it is not well. */
    static @Nullable String stored(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String compact = write(JSON, read(text));
        int bytes = compact.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > KvEntry.MAX_METADATA_BYTES) {
            throw Problems.malformed("metadata has " + bytes + " bytes of JSON; shorten it to "
                    + KvEntry.MAX_METADATA_BYTES + " at most, and keep more in the value.");
        }
        return compact.equals("null") ? null : compact;
    }

    /** What is stored, for a header field: characters beyond ASCII are escaped. */
    static String field(String stored) {
        return write(ASCII, read(stored));
    }

    private static JsonNode read(String text) {
        try {
            JsonNode read = JSON.readTree(text);
            if (!read.isMissingNode()) {
                return read;
            }
        } catch (JsonProcessingException e) {
            throw Problems.malformed("metadata is \"" + text + "\", which is no JSON (" + e.getOriginalMessage()
                    + "); send JSON such as {\"type\": \"image/png\"}.");
        }
        throw Problems.malformed("metadata is empty; send JSON such as {\"type\": \"image/png\"}, or none.");
    }

    private static String write(JsonMapper as, JsonNode tree) {
        try {
            return as.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was read can be written", e);
        }
    }
}
