package dev.verge.deploy.command;

/** Ends a command with a message for the person who typed it. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private final int exitCode;

    private CommandFailure(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** It was understood and did not succeed. */
    static CommandFailure failed(String message) {
        return new CommandFailure(FAILED, message);
    }

    /** Arguments that make no sense, or a file that cannot be read. */
    static CommandFailure wrongUsage(String message) {
        return new CommandFailure(WRONG_USAGE, message);
    }

    int exitCode() {
        return exitCode;
    }
}
