package dev.verge.deploy.command;

import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.Problem;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;

/** Reads the settings file that a process is started with. */
final class ConfigFile {
    private ConfigFile() {}

    /** @throws CommandFailure for an unreadable file, or naming every mistake in it, one a line */
    static <T> T read(Environment environment, Path file, Class<T> settings) {
        String text = TextFile.read(environment, file);
        return switch (Binder.standard().bindText(text, settings)) {
            case Bound.Valid<T>(T value) -> value;
            case Bound.Invalid<T>(List<Problem> problems) ->
                throw CommandFailure.failed(file + " has " + Problems.count(problems.size()) + Problems.list(problems));
        };
    }

    /** A start that failed for a known reason says so in one line; anything else stays as it is. */
    static <T> Future<T> refusal(Throwable failure, Class<? extends RuntimeException> known) {
        return Future.failedFuture(
                known.isInstance(failure) ? CommandFailure.failed(String.valueOf(failure.getMessage())) : failure);
    }
}
