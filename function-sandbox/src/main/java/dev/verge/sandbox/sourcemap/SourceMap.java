package dev.verge.sandbox.sourcemap;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One map, decoded: for each place of the generated module the place it was made from. Immutable. */
public final class SourceMap {
    /** Most segments that are kept; what follows is not mapped. */
    static final int MAX_SEGMENTS = 400_000;

    private static final int MAX_NUMBER = 1 << 30;
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final byte[] VALUES = values();

    private final List<String> sources;
    private final String root;
    private int[] lines = new int[256];
    private int[] columns = new int[256];
    private int[] fromSource = new int[256];
    private int[] fromLine = new int[256];
    private int[] fromColumn = new int[256];
    private int size;

    private SourceMap(MapText.Read read) {
        this.sources = read.sources();
        this.root = read.root().isEmpty() || read.root().endsWith("/") ? read.root() : read.root() + "/";
        decode(read.mappings());
    }

    /**
     * Reads a map's JSON.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static SourceMap parse(String json) {
        return new SourceMap(MapText.read(json));
    }

    /** A place in a source, line and column from 1. */
    public record Place(String source, int line, int column) {}

    /**
     * Where a place comes from, or null when the map does not say.
     *
     * @param line from 1
     * @param column from 1
     */
    public @Nullable Place find(int line, int column) {
        int low = 0;
        int high = size - 1;
        int best = -1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            boolean before = lines[middle] < line - 1 || (lines[middle] == line - 1 && columns[middle] <= column - 1);
            if (before) {
                best = middle;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (best < 0 || lines[best] != line - 1 || fromSource[best] < 0 || fromSource[best] >= sources.size()) {
            return null;
        }
        return new Place(root + sources.get(fromSource[best]), fromLine[best] + 1, fromColumn[best] + 1);
    }

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < DIGITS.length(); i++) {
            values[DIGITS.charAt(i)] = (byte) i;
        }
        return values;
    }

    private void decode(String mappings) {
        int line = 0;
        int column = 0;
        int[] sums = new int[4];
        int[] field = new int[5];
        int at = 0;
        while (at < mappings.length() && size < MAX_SEGMENTS) {
            char c = mappings.charAt(at);
            if (c == ';' || c == ',') {
                if (c == ';') {
                    line++;
                    column = 0;
                }
                at++;
                continue;
            }
            int count = 0;
            while (at < mappings.length() && mappings.charAt(at) != ',' && mappings.charAt(at) != ';') {
                long value = 0;
                int shift = 0;
                int digit;
                do {
                    char next = at < mappings.length() ? mappings.charAt(at++) : ' ';
                    digit = next < VALUES.length ? VALUES[next] : -1;
                    if (digit < 0 || shift > 30) {
                        throw new IllegalArgumentException("mappings are broken at " + at);
                    }
                    value |= (long) (digit & 31) << shift;
                    shift += 5;
                } while ((digit & 32) != 0);
                if (count == field.length) {
                    throw new IllegalArgumentException("a segment has too many fields at " + at);
                }
                field[count++] = (int) ((value & 1) == 0 ? value >> 1 : -(value >> 1));
            }
            column = sum(column, field[0]);
            for (int i = 1; i < count; i++) {
                sums[i - 1] = sum(sums[i - 1], field[i]);
            }
            add(line, column, count >= 4 ? sums : null);
        }
    }

    private static int sum(int a, int b) {
        int sum = a + b;
        if (sum < 0 || sum > MAX_NUMBER) {
            throw new IllegalArgumentException("mappings lead out of bounds");
        }
        return sum;
    }

    private void add(int line, int column, int @Nullable [] from) {
        if (size == lines.length) {
            int more = size * 2;
            lines = Arrays.copyOf(lines, more);
            columns = Arrays.copyOf(columns, more);
            fromSource = Arrays.copyOf(fromSource, more);
            fromLine = Arrays.copyOf(fromLine, more);
            fromColumn = Arrays.copyOf(fromColumn, more);
        }
        lines[size] = line;
        columns[size] = column;
        fromSource[size] = from == null ? -1 : from[0];
        fromLine[size] = from == null ? 0 : from[1];
        fromColumn[size] = from == null ? 0 : from[2];
        size++;
    }
}
