package dev.verge.sandbox.host;

import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.typescript.TypeScript;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.FileAttribute;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.graalvm.polyglot.io.FileSystem;

/**
 * The file system a context sees: the modules of its function, read-only, under {@code /}. No path of the machine is ever opened.
 *
 * <p>TypeScript reads as what it was compiled to. Files that are not JavaScript or JSON read as modules whose default export is their content ({@link ModuleText}). A specifier such as
 * {@code node:buffer} gives one of the platform's own modules ({@link NodeModules}).
 */
final class ModuleFiles implements FileSystem {
    private static final Path ROOT = Path.of("/");
    private static final Path NOTHING = Path.of("/.none");

    /** Without any. */
    static final ModuleFiles NONE = new ModuleFiles();

    private final Map<String, byte[]> files = new HashMap<>();

    private ModuleFiles() {}

    ModuleFiles(FunctionBundle bundle) {
        for (String name : bundle.moduleNames()) {
            if (!TypeScript.isSource(name)) {
                files.put("/" + name, ModuleText.of(name, bundle.module(name)));
            }
        }
        for (String name : bundle.moduleNames()) {
            byte[] compiled = TypeScript.isSource(name) ? files.remove("/" + TypeScript.compiled(name)) : null;
            if (compiled != null) {
                files.put("/" + name, compiled);
            }
        }
    }

    @Override
    public Path parsePath(URI uri) {
        return NodeModules.SCHEME.equals(uri.getScheme())
                ? Path.of("/", uri.toString())
                : named(Path.of("/", String.valueOf(uri.getPath())));
    }

    @Override
    public Path parsePath(String path) {
        return named(Path.of(path));
    }

    /** The engine does not bear a path without a name: the root becomes a file that does not exist. */
    private static Path named(Path path) {
        return absolute(path).equals(ROOT) ? NOTHING : path;
    }

    private static Path absolute(Path path) {
        return ROOT.resolve(path).normalize();
    }

    /** Tells the engine what it reads, as the text of a module whatever its name ends with. */
    @Override
    public String getMimeType(Path path) {
        return path.toString().endsWith(".json") ? "application/json" : "application/javascript+module";
    }

    @Override
    public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options) throws IOException {
        if (modes.contains(AccessMode.WRITE) || modes.contains(AccessMode.EXECUTE)) {
            throw new ReadOnlyFileSystemException();
        }
        content(path);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return new Content(ByteBuffer.wrap(content(path)).asReadOnlyBuffer());
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return Map.of("size", (long) content(path).length, "isRegularFile", true, "isDirectory", false);
    }

    @Override
    public Path toAbsolutePath(Path path) {
        return absolute(named(path));
    }

    /** One module by whatever name it is imported: TypeScript may be called by the name of the JavaScript that it becomes, or by none. */
    @Override
    public Path toRealPath(Path path, LinkOption... options) {
        Path absolute = toAbsolutePath(path);
        String name = absolute.toString();
        return files.containsKey(name)
                ? absolute
                : Stream.of(name.replaceFirst("js$", "ts"), name + ".ts")
                        .filter(other -> TypeScript.isSource(other) && files.containsKey(other))
                        .findFirst()
                        .map(Path::of)
                        .orElse(absolute);
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void delete(Path path) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        throw new NoSuchFileException(folder.toString());
    }

    private byte[] content(Path path) throws NoSuchFileException {
        String name = toRealPath(path).toString();
        byte[] own = files.get(name);
        byte[] content = own == null ? NodeModules.text(name.substring(1)) : own;
        if (content == null) {
            throw new NoSuchFileException(path.toString());
        }
        return content;
    }

    /** A module's bytes as the channel that the engine reads. */
    private static final class Content implements SeekableByteChannel {
        private final ByteBuffer bytes;

        Content(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read(ByteBuffer into) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int count = Math.min(into.remaining(), bytes.remaining());
            into.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public int write(ByteBuffer from) {
            throw new ReadOnlyFileSystemException();
        }

        @Override
        public long position() {
            return bytes.position();
        }

        @Override
        public SeekableByteChannel position(long position) {
            bytes.position((int) Math.min(position, bytes.limit()));
            return this;
        }

        @Override
        public long size() {
            return bytes.limit();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new ReadOnlyFileSystemException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
