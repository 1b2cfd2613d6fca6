package dev.verge.deploy.supervisor;

/** What an exit code means. */
final class ExitReason {
    /** The JVM's code for an exhausted heap under {@code ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    /** Shells and the JDK report death by signal {@code n} as {@code 128 + n}. */
    private static final int SIGNALS = 128;

    private ExitReason() {}

    static String of(int exit) {
        return switch (exit) {
            case 0 -> "ended by itself";
            case OUT_OF_MEMORY -> "out of memory";
            case SIGNALS + 1 -> "killed by SIGHUP";
            case SIGNALS + 2 -> "killed by SIGINT";
            case SIGNALS + 4 -> "killed by SIGILL";
            case SIGNALS + 6 -> "killed by SIGABRT";
            case SIGNALS + 7 -> "killed by SIGBUS";
            case SIGNALS + 9 -> "killed by SIGKILL";
            case SIGNALS + 11 -> "killed by SIGSEGV";
            case SIGNALS + 15 -> "killed by SIGTERM";
            default -> "exit code " + exit;
        };
    }
}
