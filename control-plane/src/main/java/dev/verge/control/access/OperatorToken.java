package dev.verge.control.access;

import dev.verge.control.resource.Scope;
import dev.verge.control.store.CannotStart;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's first token. A store without a live operator's token gets one, written to a file that only its owner may read, and
 * nowhere else.
 */
public final class OperatorToken {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorToken.class);

    private OperatorToken() {}

    /**
     * Makes the account {@code default} and the operator's token if they are not there.
     *
     * <p>The token is in a file beside {@code file} before it is in the store, and moves into place afterwards, so a crash in between
     * leaves neither an unknown token in place nor a store that nobody can enter: the next start finishes the move.
     *
     * @throws CannotStart when the file cannot be written
     */
    public static void ensure(Database database, Path file, Instant now) {
        Path waiting = file.resolveSibling(file.getFileName() + ".new");
        try {
            finish(database, file, waiting, now);
            boolean missing = database.read(session -> TokenTable.operators(session, now) == 0);
            if (!missing) {
                return;
            }
            String token = Secrets.token("vrg");
            write(waiting, token);
            boolean made = database.write(session -> {
                // Another control plane may have come first since.
                if (TokenTable.operators(session, now) > 0) {
                    return false;
                }
                return insert(session, token, now);
            });
            if (!made) {
                Files.delete(waiting);
                return;
            }
            move(waiting, file);
            LOG.info("made the operator's token; it is in {}", file);
        } catch (IOException e) {
            throw new CannotStart("the operator's token cannot be written to " + file + ": " + e, e);
        }
    }

    /**
     * Sees to it that {@code file} holds a live operator's token, as for an owner who has put a backup back and lost the token of that time:
     * who owns the data folder owns the platform.
     *
     * @throws CannotStart when the file cannot be read or written
     */
    public static void hold(Database database, Path file, Instant now) {
        try {
            if (Files.exists(file)) {
                String token = Files.readString(file).strip();
                if (database.read(
                        session -> TokenTable.find(session, token, now).isPresent())) {
                    return;
                }
            }
            String token = Secrets.token("vrg");
            Path waiting = file.resolveSibling(file.getFileName() + ".new");
            write(waiting, token);
            database.write(session -> insert(session, token, now));
            move(waiting, file);
        } catch (IOException e) {
            throw new CannotStart("the operator's token cannot be written to " + file + ": " + e, e);
        }
    }

    private static boolean insert(Session session, String token, Instant now) {
        if (!AccountTable.exists(session, AccountTable.DEFAULT)) {
            AccountTable.insert(session, AccountTable.DEFAULT, now);
        }
        String id = Secrets.id();
        TokenTable.insert(
                session, id, token, AccountTable.DEFAULT, "operator-" + id, List.of(Scope.OPERATOR), now, null);
        return true;
    }

    private static void finish(Database database, Path file, Path waiting, Instant now) throws IOException {
        if (!Files.exists(waiting)) {
            return;
        }
        String token = Files.readString(waiting).strip();
        if (database.read(session -> TokenTable.find(session, token, now).isPresent())) {
            move(waiting, file);
        } else {
            Files.delete(waiting);
        }
    }

    private static void write(Path path, String token) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.deleteIfExists(path);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = Files.newByteChannel(
                path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            channel.write(ByteBuffer.wrap((token + "\n").getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
