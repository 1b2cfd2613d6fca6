package dev.verge.deploy.command;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a text file that somebody named on the command line; {@code -} is standard input. */
final class TextFile {
    /** More than any document may have. */
    private static final int MOST_BYTES = 64 * 1024 * 1024;

    private TextFile() {}

    /** @throws CommandFailure of wrong usage when it cannot be read */
    static String read(Environment environment, Path file) {
        try {
            if (file.toString().equals("-")) {
                return new String(environment.in().readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            }
            Path resolved = environment.folder().resolve(file);
            if (Files.isDirectory(resolved)) {
                throw CommandFailure.wrongUsage(file + " is a folder; name a file");
            }
            if (Files.size(resolved) > MOST_BYTES) {
                throw CommandFailure.wrongUsage(file + " has more than " + (MOST_BYTES >> 20) + " MiB");
            }
            return Files.readString(resolved);
        } catch (NoSuchFileException missing) {
            throw CommandFailure.wrongUsage(file + " does not exist");
        } catch (AccessDeniedException forbidden) {
            throw CommandFailure.wrongUsage("no permission to read " + file);
        } catch (CharacterCodingException binary) {
            throw CommandFailure.wrongUsage(file + " is not UTF-8 text");
        } catch (IOException e) {
            throw CommandFailure.wrongUsage(file + " cannot be read: " + e.getMessage());
        }
    }
}
