package dev.verge.deploy.supervisor;

/** Why the platform cannot start: one line for the person who typed the command, with the way out. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1;
    private final boolean wrongUsage;

    private StartFailure(String line, boolean wrongUsage) {
        super(line);
        this.wrongUsage = wrongUsage;
    }

    /** The machine or a part does not allow it: exit code 1. */
    static StartFailure because(String line) {
        return new StartFailure(line, false);
    }

    /** The options contradict each other: exit code 2. */
    static StartFailure usage(String line) {
        return new StartFailure(line, true);
    }

    public int exitCode() {
        return wrongUsage ? 2 : 1;
    }

    String line() {
        return String.valueOf(getMessage());
    }
}
