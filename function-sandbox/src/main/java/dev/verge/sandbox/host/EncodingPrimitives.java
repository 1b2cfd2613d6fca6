package dev.verge.sandbox.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** The host's decoders of the Encoding Standard's encodings other than UTF. They hold nothing between calls. */
final class EncodingPrimitives {
    /** What a decoder was left with: bytes of a character that is not whole, or the state of a stateful encoding. */
    private static final int MAX_REST = 8;

    /** Adds them under the names the scripts of the web API know. */
    void addTo(Map<String, Object> host) {
        Bindings.add(host, "encodingLabels", a -> Labels.TEXT);
        Bindings.add(host, "decode", this::decode);
    }

    /**
     * (encoding, rest, buffer, offset, length, fatal, last) → the length of the new rest as a character, the rest, the text; null when
     * the data is wrong and that is fatal.
     */
    private @Nullable Object decode(Value... a) {
        String encoding = a[0].asString();
        String rest = a[1].asString();
        byte[] input = Bindings.bytes(a[2], a[3], a[4]);
        return decode(
                encoding,
                rest.substring(0, Math.min(rest.length(), MAX_REST)),
                input,
                a[5].asBoolean(),
                a[6].asBoolean());
    }

    static @Nullable String decode(String encoding, String rest, byte[] input, boolean fatal, boolean last) {
        DecodedText out = new DecodedText(input.length, fatal);
        String left = "";
        if (encoding.equals("iso-2022-jp")) {
            left = new Iso2022JpDecoder(rest).decode(input, out, last);
        } else {
            SingleByteDecoder single = SingleByteDecoder.of(encoding);
            if (single == null) {
                byte[] all = joined(rest, input);
                left = unread(all, MultiByteDecoder.of(encoding).decode(all, out, last));
            } else {
                single.decode(input, out);
            }
        }
        return out.refused() ? null : (char) left.length() + left + out.text();
    }

    private static byte[] joined(String rest, byte[] input) {
        byte[] before = rest.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Arrays.copyOf(before, before.length + input.length);
        System.arraycopy(input, 0, all, before.length, input.length);
        return all;
    }

    private static String unread(byte[] all, int read) {
        return new String(all, read, all.length - read, StandardCharsets.ISO_8859_1);
    }

    private static final class Labels {
        static final String TEXT = read();

        private static String read() {
            try (InputStream in = EncodingPrimitives.class.getResourceAsStream("encodings.txt")) {
                if (in == null) {
                    throw new IllegalStateException("The jar lacks encodings.txt");
                }
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
