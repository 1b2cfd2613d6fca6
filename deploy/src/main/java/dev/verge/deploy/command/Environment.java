package dev.verge.deploy.command;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command gets from the process it runs in.
 *
 * @param variables environment variables
 * @param folder against which relative paths are resolved
 * @param home the distribution's folder
 * @param terminal whether {@code out} is a terminal, so that colours make sense
 */
public record Environment(
        Map<String, String> variables,
        Path folder,
        Path home,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal) {
    /** The real one. */
    public static Environment ofProcess() {
        return new Environment(
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("verge.home", ".")).toAbsolutePath(),
                System.in,
                System.out,
                System.err,
                Boolean.getBoolean("verge.terminal"));
    }

    boolean colours() {
        return terminal && variables.getOrDefault("NO_COLOR", "").isEmpty();
    }

    boolean debug() {
        return "1".equals(variables.get("VERGE_DEBUG"));
    }

    /** Whether a supervisor holds this process's standard input, and its end means the end. */
    boolean supervised() {
        return !variables.getOrDefault("VERGE_SUPERVISED", "").isEmpty();
    }

    /** The user's own folder for settings (XDG Base Directory Specification). */
    Path configFolder() {
        String xdg = variables.getOrDefault("XDG_CONFIG_HOME", "");
        Path base = xdg.isEmpty()
                ? Path.of(variables.getOrDefault("HOME", System.getProperty("user.home", ".")), ".config")
                : Path.of(xdg);
        return base.resolve("verge");
    }
}
