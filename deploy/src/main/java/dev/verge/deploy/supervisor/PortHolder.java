package dev.verge.deploy.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The process that listens on a port, as far as {@code /proc} tells (Linux; other people's processes only to root).
 *
 * @param command its command line, shortened
 */
record PortHolder(long pid, String command) {
    private static final int LONGEST_COMMAND = 80;

    /** Columns of {@code /proc/net/tcp}: local address, state, inode (proc_net_tcp in the kernel's documentation). */
    private static final int LOCAL = 1;

    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String LISTENING = "0A";

    static Optional<PortHolder> find(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try {
                for (String line : Files.readAllLines(Path.of(table), StandardCharsets.US_ASCII)) {
                    listeningInode(line, port).ifPresent(inode -> sockets.add("socket:[" + inode + "]"));
                }
            } catch (IOException notLinux) {
                return Optional.empty();
            }
        }
        return sockets.isEmpty() ? Optional.empty() : owner(sockets);
    }

    static Optional<String> listeningInode(String line, int port) {
        String[] columns = line.strip().split("\\s+", -1);
        boolean matches = columns.length > INODE
                && columns[STATE].equals(LISTENING)
                && columns[LOCAL].endsWith(String.format(":%04X", port));
        return matches ? Optional.of(columns[INODE]) : Optional.empty();
    }

    String describe() {
        return "pid " + pid + (command.isEmpty() ? "" : " (" + command + ")");
    }

    private static Optional<PortHolder> owner(Set<String> sockets) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    return Optional.of(
                            new PortHolder(Long.parseLong(process.getFileName().toString()), commandLine(process)));
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (points(descriptor, sockets)) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException goneOrForbidden) {
            return false;
        }
        return false;
    }

    private static boolean points(Path descriptor, Set<String> sockets) {
        try {
            return sockets.contains(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static String commandLine(Path process) {
        try {
            String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .replaceAll("\\p{Cntrl}", "")
                    .strip();
            return line.length() <= LONGEST_COMMAND ? line : line.substring(0, LONGEST_COMMAND - 1) + "…";
        } catch (IOException gone) {
            return "";
        }
    }
}
