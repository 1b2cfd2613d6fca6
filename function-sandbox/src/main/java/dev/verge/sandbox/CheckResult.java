package dev.verge.sandbox;

import java.util.List;

/** What checking a bundle found. */
public sealed interface CheckResult {
    /**
     * The function starts.
     *
     * @param bundle to run: what was checked, with what its TypeScript was compiled to
     */
    record Passed(FunctionBundle bundle) implements CheckResult {}

    /** It does not, and why. */
    record Failed(List<CodeError> errors) implements CheckResult {
        public Failed {
            errors = List.copyOf(errors);
        }
    }

    /**
     * One mistake in the code.
     *
     * @param module its file name
     * @param line from 1; 0 when the mistake has no place
     * @param column from 1; 0 when the mistake has no place
     */
    record CodeError(Kind kind, String module, int line, int column, String message) {}

    /** The kinds of mistakes. */
    enum Kind {
        SYNTAX,
        NO_HANDLER,
        STARTUP_EXCEPTION,
        STARTUP_OVER_LIMIT,
        TOO_LARGE,
        /** Of TypeScript: what cannot be had by leaving out types. */
        UNSUPPORTED
    }
}
