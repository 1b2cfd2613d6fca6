package dev.verge.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small databases of countries in the MaxMind DB format 2.0: a tree of 24-bit records over 128-bit addresses, and data behind it. */
final class GeoFile {
    private static final int RECORD_BYTES = 3;
    private static final int SEPARATOR_BYTES = 16;
    private static final int UINT16 = 5;
    private static final int UINT32 = 6;
    private static final int MAP = 7;
    private static final int STRING = 2;

    /** Both records of each node: a node's number, {@code -1} for nothing, or {@code -2 - place} of data. */
    private final List<int[]> nodes = new ArrayList<>();

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    private GeoFile() {
        nodes.add(new int[] {-1, -1});
    }

    /**
     * Puts a database in the place of what is there, at once.
     *
     * @param networks {@code ADDRESS/BITS} to country, IPv4 and IPv6
     */
    static void write(Path file, Map<String, String> networks) {
        GeoFile made = new GeoFile();
        networks.forEach(made::add);
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.write(fresh, made.bytes());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void add(String network, String country) {
        int slash = network.indexOf('/');
        byte[] address = InetAddress.ofLiteral(network.substring(0, slash)).getAddress();
        byte[] wide = new byte[16];
        System.arraycopy(address, 0, wide, 16 - address.length, address.length);
        int bits = Integer.parseInt(network.substring(slash + 1)) + 8 * (16 - address.length);
        int place = data.size();
        head(data, MAP, 1);
        text(data, "country");
        head(data, MAP, 1);
        text(data, "iso_code");
        text(data, country);
        int at = 0;
        for (int i = 0; i < bits; i++) {
            int side = (wide[i / 8] >> (7 - i % 8)) & 1;
            if (i == bits - 1) {
                nodes.get(at)[side] = -2 - place;
            } else {
                if (nodes.get(at)[side] < 0) {
                    nodes.get(at)[side] = nodes.size();
                    nodes.add(new int[] {-1, -1});
                }
                at = nodes.get(at)[side];
            }
        }
    }

    private byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] node : nodes) {
            for (int record : node) {
                int value = record >= 0 ? record : nodes.size() + (record == -1 ? 0 : SEPARATOR_BYTES - 2 - record);
                number(out, value, RECORD_BYTES);
            }
        }
        out.writeBytes(new byte[SEPARATOR_BYTES]);
        out.writeBytes(data.toByteArray());
        out.writeBytes("\u00ab\u00cd\u00efMaxMind.com".getBytes(StandardCharsets.ISO_8859_1));
        Map<String, Runnable> metadata = new LinkedHashMap<>();
        metadata.put("binary_format_major_version", () -> unsigned(out, UINT16, 2, 2));
        metadata.put("binary_format_minor_version", () -> unsigned(out, UINT16, 0, 2));
        metadata.put("build_epoch", () -> {
            // A type beyond 7 stands in a second byte: 9, an unsigned number of 64 bits.
            out.write(4);
            out.write(9 - 7);
            number(out, 1_764_000_000, 4);
        });
        metadata.put("database_type", () -> text(out, "Test-Country"));
        metadata.put("description", () -> head(out, MAP, 0));
        metadata.put("ip_version", () -> unsigned(out, UINT16, 6, 2));
        metadata.put("languages", () -> {
            out.write(0);
            out.write(11 - 7);
        });
        metadata.put("node_count", () -> unsigned(out, UINT32, nodes.size(), 4));
        metadata.put("record_size", () -> unsigned(out, UINT16, 8 * RECORD_BYTES, 2));
        head(out, MAP, metadata.size());
        metadata.forEach((name, value) -> {
            text(out, name);
            value.run();
        });
        return out.toByteArray();
    }

    private static void head(ByteArrayOutputStream out, int type, int size) {
        if (size >= 29) {
            throw new AssertionError("longer than one byte can say");
        }
        out.write((type << 5) | size);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        head(out, STRING, text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void unsigned(ByteArrayOutputStream out, int type, int value, int bytes) {
        head(out, type, bytes);
        number(out, value, bytes);
    }

    private static void number(ByteArrayOutputStream out, int value, int bytes) {
        for (int i = bytes - 1; i >= 0; i--) {
            out.write(value >> (8 * i));
        }
    }
}
