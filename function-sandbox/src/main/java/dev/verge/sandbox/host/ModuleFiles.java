package dev.verge.sandbox.host;

import dev.verge.sandbox.FunctionBundle;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.FileAttribute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;

/**
 * The file system a context sees: the modules of its function, read-only, under {@code /}. No path of the machine is ever opened.
 *
 * <p>Text files ({@code .txt .html .css .md .sql}) read as modules whose default export is the text.
 */
final class ModuleFiles implements FileSystem {
    private static final List<String> TEXT = List.of(".txt", ".html", ".css", ".md", ".sql");

    /** Without any. */
    static final ModuleFiles NONE = new ModuleFiles();

    private final Map<String, byte[]> files = new HashMap<>();

    private ModuleFiles() {}

    ModuleFiles(FunctionBundle bundle) {
        for (String name : bundle.moduleNames()) {
            byte[] content = bundle.module(name);
            boolean text = TEXT.stream().anyMatch(name::endsWith);
            files.put("/" + name, text ? textModule(content) : content);
        }
    }

    private static byte[] textModule(byte[] content) {
        StringBuilder module = new StringBuilder("export default \"");
        new String(content, StandardCharsets.UTF_8).chars().forEach(c -> {
            if (c < ' ' || c == '"' || c == '\\' || c == 0x2028 || c == 0x2029) {
                module.append(String.format("\\u%04x", c));
            } else {
                module.append((char) c);
            }
        });
        return module.append("\";").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Path parsePath(URI uri) {
        return Path.of("/", String.valueOf(uri.getPath()));
    }

    @Override
    public Path parsePath(String path) {
        return Path.of(path);
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
        return Path.of("/").resolve(path).normalize();
    }

    @Override
    public Path toRealPath(Path path, LinkOption... options) {
        return toAbsolutePath(path);
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
        byte[] content = files.get(toAbsolutePath(path).toString());
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
