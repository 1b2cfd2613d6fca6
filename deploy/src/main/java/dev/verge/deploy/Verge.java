package dev.verge.deploy;

import dev.verge.deploy.command.Environment;
import dev.verge.deploy.command.VergeCommand;

/** Entry point of {@code bin/verge}. */
public final class Verge {
    private Verge() {}

    public static void main(String[] arguments) {
        System.exit(VergeCommand.run(Environment.ofProcess(), arguments));
    }
}
