package dev.verge.sync.binding;

import java.net.URI;
import java.nio.file.Path;

/** Readers for types of the JDK, called like those that types bring along. */
final class JdkTypes {

    private JdkTypes() {}

    static Path path(String text) {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a path to a file or folder; write one");
        }
        return Path.of(text);
    }

    static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException notOne) {
            throw new IllegalArgumentException("a URL; write it like https://host:port/", notOne);
        }
    }
}
