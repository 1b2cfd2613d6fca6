package dev.verge.deploy.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads bytes that somebody named on the command line; {@code -} is standard input. */
final class Bytes {
    /** More than any value or body may have. */
    private static final int MOST = 32 << 20;

    private Bytes() {}

    /** @throws CommandFailure of wrong usage when they cannot be read */
    static byte[] read(Environment environment, Path file) {
        try {
            if (file.toString().equals("-")) {
                byte[] all = environment.in().readNBytes(MOST + 1);
                if (all.length > MOST) {
                    throw CommandFailure.wrongUsage("standard input has more than " + (MOST >> 20) + " MiB");
                }
                return all;
            }
            Path resolved = environment.folder().resolve(file);
            if (Files.isDirectory(resolved) || Files.size(resolved) > MOST) {
                throw CommandFailure.wrongUsage(file + " is a folder or has more than " + (MOST >> 20) + " MiB");
            }
            return Files.readAllBytes(resolved);
        } catch (NoSuchFileException missing) {
            throw CommandFailure.wrongUsage(file + " does not exist");
        } catch (AccessDeniedException forbidden) {
            throw CommandFailure.wrongUsage("no permission to read " + file);
        } catch (IOException e) {
            throw CommandFailure.wrongUsage(file + " cannot be read: " + e.getMessage());
        }
    }
}
