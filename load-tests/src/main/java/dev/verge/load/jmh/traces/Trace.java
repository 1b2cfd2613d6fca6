package dev.verge.load.jmh.traces;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Recorded accesses. Objects are numbered from 0 as they first appear. */
final class Trace {
    private final String name;
    private final int[] accesses;
    private final int objects;

    /**
     * A trace.
     *
     * @param accesses which object was asked for, one after the other
     * @param objects how many different ones there are
     */
    Trace(String name, int[] accesses, int objects) {
        this.name = name;
        this.accesses = accesses;
        this.objects = objects;
    }

    /** Reads a sequence of 4-byte big-endian integers; the name is that of the file, without endings. */
    static Trace read(Path file) throws IOException {
        IntBuffer raw = ByteBuffer.wrap(Files.readAllBytes(file)).asIntBuffer();
        Map<Integer, Integer> numbers = new HashMap<>();
        int[] accesses = new int[raw.remaining()];
        for (int i = 0; i < accesses.length; i++) {
            accesses[i] = number(numbers, raw.get());
        }
        String fileName = String.valueOf(file.getFileName());
        int dot = fileName.indexOf('.');
        return new Trace(dot < 0 ? fileName : fileName.substring(0, dot), accesses, numbers.size());
    }

    private static int number(Map<Integer, Integer> numbers, int key) {
        Integer known = numbers.putIfAbsent(key, numbers.size());
        return known == null ? numbers.size() - 1 : known;
    }

    String name() {
        return name;
    }

    /** Not copied: whoever asks does not write. */
    int[] accesses() {
        return accesses;
    }

    int objects() {
        return objects;
    }

    /** For each access, the place of the next one to the same object; {@code Integer.MAX_VALUE} for none. */
    int[] nextAccess() {
        int[] next = new int[accesses.length];
        int[] seenAt = new int[objects];
        Arrays.fill(seenAt, Integer.MAX_VALUE);
        for (int i = accesses.length - 1; i >= 0; i--) {
            next[i] = seenAt[accesses[i]];
            seenAt[accesses[i]] = i;
        }
        return next;
    }
}
