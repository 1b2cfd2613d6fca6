package dev.verge.sandbox;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The modules of a function version. Two bundles with the same modules have the same bytes, and so the same sha256.
 *
 * <p>Canonical bytes: {@code "VFB1"}, the main module's name, the number of modules (u16), then for each module in the order of
 * names: its name and its content. A name is u16 length and UTF-8; a content is u32 length and bytes. Big endian.
 */
public final class FunctionBundle {
    /** Most modules in a bundle. */
    public static final int MAX_MODULES = 1000;
    /** Longest module name, in characters. */
    public static final int MAX_NAME_LENGTH = 200;
    /** Most bytes of a whole bundle; the limit of a function ({@link FunctionLimits#codeBytes()}) may be lower. */
    public static final int MAX_BYTES = 11 << 20;

    private static final int MAGIC = 0x56464231;
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_@][A-Za-z0-9_@.+-]*(/[A-Za-z0-9_@][A-Za-z0-9_@.+-]*)*");

    private final String main;
    private final SortedMap<String, byte[]> modules;
    private final byte[] canonical;
    private final String sha256;

    private FunctionBundle(String main, SortedMap<String, byte[]> modules) {
        this.main = main;
        this.modules = modules;
        this.canonical = write(main, modules);
        this.sha256 = sha256(canonical);
    }

    /** A function of one module, {@code main.js}. */
    public static FunctionBundle ofSource(String source) {
        return of("main.js", Map.of("main.js", source.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * A function of several modules.
     *
     * @param main name of the module with the handlers
     * @param modules by name, a relative path such as {@code lib/text.js}; not changed afterwards by the caller
     * @throws IllegalArgumentException naming the module and the rule
     */
    public static FunctionBundle of(String main, Map<String, byte[]> modules) {
        if (modules.isEmpty() || modules.size() > MAX_MODULES) {
            throw new IllegalArgumentException("modules: between 1 and " + MAX_MODULES + ", not " + modules.size());
        }
        long size = 0;
        for (Map.Entry<String, byte[]> module : modules.entrySet()) {
            String name = module.getKey();
            if (!isModuleName(name)) {
                throw new IllegalArgumentException(
                        "module " + name
                                + ": its name is not a plain relative path (letters, digits, _ @ . + - in parts between slashes)");
            }
            size += module.getValue().length;
        }
        if (!modules.containsKey(main)) {
            throw new IllegalArgumentException("main: there is no module " + main);
        }
        if (size > MAX_BYTES) {
            throw new IllegalArgumentException("modules: " + size + " bytes are more than " + MAX_BYTES);
        }
        return new FunctionBundle(main, new TreeMap<>(modules));
    }

    /** Whether a module may be called so: a plain relative path. */
    public static boolean isModuleName(String name) {
        return name.length() <= MAX_NAME_LENGTH && NAME.matcher(name).matches();
    }

    /**
     * Reads canonical bytes.
     *
     * @throws IllegalArgumentException when they are not
     */
    public static FunctionBundle parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES + MAX_MODULES * (MAX_NAME_LENGTH + 8)) {
            throw new IllegalArgumentException("bundle: too large");
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (in.getInt() != MAGIC) {
                throw new IllegalArgumentException("bundle: does not start as a bundle does");
            }
            String main = name(in);
            int count = Short.toUnsignedInt(in.getShort());
            SortedMap<String, byte[]> modules = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                String name = name(in);
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) {
                    throw new IllegalArgumentException("bundle: module " + name + " is cut short");
                }
                byte[] content = new byte[length];
                in.get(content);
                modules.put(name, content);
            }
            FunctionBundle bundle = of(main, modules);
            if (!Arrays.equals(bundle.canonical, bytes)) {
                throw new IllegalArgumentException("bundle: not in canonical form");
            }
            return bundle;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("bundle: cut short", e);
        }
    }

    private static String name(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("bundle: a name is too long");
        }
        byte[] name = new byte[length];
        in.get(name);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("bundle: a name is not UTF-8", e);
        }
    }

    private static byte[] write(String main, SortedMap<String, byte[]> modules) {
        int size = 4 + 2 + main.length() + 2;
        for (Map.Entry<String, byte[]> module : modules.entrySet()) {
            size += 2 + module.getKey().length() + 4 + module.getValue().length;
        }
        ByteBuffer out = ByteBuffer.allocate(size).putInt(MAGIC);
        put(out, main);
        out.putShort((short) modules.size());
        modules.forEach((name, content) -> {
            put(out, name);
            out.putInt(content.length).put(content);
        });
        return out.array();
    }

    private static void put(ByteBuffer out, String name) {
        out.putShort((short) name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** Name of the module with the handlers. */
    public String main() {
        return main;
    }

    /** Names of all modules, sorted. */
    public Iterable<String> moduleNames() {
        return modules.keySet();
    }

    /**
     * A copy of a module's content.
     *
     * @throws IllegalArgumentException when there is no such module
     */
    public byte[] module(String name) {
        byte[] content = modules.get(name);
        if (content == null) {
            throw new IllegalArgumentException("module " + name + ": there is none");
        }
        return content.clone();
    }

    /** Bytes of all modules together. */
    public long codeBytes() {
        return modules.values().stream().mapToLong(content -> content.length).sum();
    }

    /** A copy of the canonical bytes. */
    public byte[] toBytes() {
        return canonical.clone();
    }

    /** Of the canonical bytes, 64 hex digits. */
    public String sha256() {
        return sha256;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FunctionBundle that && sha256.equals(that.sha256);
    }

    @Override
    public int hashCode() {
        return sha256.hashCode();
    }
}
