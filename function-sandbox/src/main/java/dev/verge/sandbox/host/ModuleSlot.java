package dev.verge.sandbox.host;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;

/**
 * The file system of a context that is made before it is known whose it will be: without files at first, then those of a function, once
 * and for good.
 */
final class ModuleSlot implements FileSystem {
    private volatile ModuleFiles files = ModuleFiles.NONE;

    void fill(ModuleFiles modules) {
        if (files != ModuleFiles.NONE) {
            throw new IllegalStateException("A context belongs to one function");
        }
        files = modules;
    }

    @Override
    public Path parsePath(URI uri) {
        return files.parsePath(uri);
    }

    @Override
    public Path parsePath(String path) {
        return files.parsePath(path);
    }

    @Override
    public String getMimeType(Path path) {
        return files.getMimeType(path);
    }

    @Override
    public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options) throws IOException {
        files.checkAccess(path, modes, options);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return files.newByteChannel(path, options, attributes);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return files.readAttributes(path, attributes, options);
    }

    @Override
    public Path toAbsolutePath(Path path) {
        return files.toAbsolutePath(path);
    }

    @Override
    public Path toRealPath(Path path, LinkOption... options) {
        return files.toRealPath(path, options);
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) {
        files.createDirectory(folder, attributes);
    }

    @Override
    public void delete(Path path) {
        files.delete(path);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        return files.newDirectoryStream(folder, filter);
    }
}
