package dev.verge.deploy.command;

import dev.verge.control.client.ApiProblem;
import dev.verge.control.client.ApiUnreachable;
import java.io.IOException;

/** How a failure is told: what is wrong and the way out, without a stack trace unless asked for. */
final class Report {
    private Report() {}

    /** Prints it and gives the exit code. */
    static int failure(Environment environment, Exception failure) {
        if (environment.debug()) {
            failure.printStackTrace(environment.err());
        }
        String message = failure.getMessage();
        String told = message == null ? failure.getClass().getSimpleName() : message;
        return switch (failure) {
            case CommandFailure known -> {
                environment.err().println("verge: " + told);
                yield known.exitCode();
            }
            // The problem's own text holds every mistake, one a line.
            case ApiProblem problem -> {
                environment.err().println("verge: " + told);
                yield CommandFailure.FAILED;
            }
            case ApiUnreachable unreachable -> {
                environment.err().println("verge: " + oneLine(told));
                yield CommandFailure.FAILED;
            }
            case IOException file -> {
                environment.err().println("verge: " + oneLine(failure.getClass().getSimpleName() + ": " + told));
                yield CommandFailure.FAILED;
            }
            default -> {
                environment
                        .err()
                        .println("verge: unexpected: "
                                + oneLine(failure.getClass().getSimpleName() + ": " + told)
                                + (environment.debug() ? "" : "; VERGE_DEBUG=1 shows where"));
                yield CommandFailure.FAILED;
            }
        };
    }

    static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
