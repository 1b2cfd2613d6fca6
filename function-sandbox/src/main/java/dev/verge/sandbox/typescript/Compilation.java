package dev.verge.sandbox.typescript;

import dev.verge.sandbox.CheckResult.CodeError;
import dev.verge.sandbox.FunctionBundle;
import java.util.List;

/** What came of compiling the modules of a bundle. */
public sealed interface Compilation {
    /** The bundle that runs: itself where no module is TypeScript. */
    record Done(FunctionBundle bundle) implements Compilation {}

    /** Nothing runs, and why. */
    record Refused(List<CodeError> errors) implements Compilation {
        public Refused {
            errors = List.copyOf(errors);
        }
    }
}
