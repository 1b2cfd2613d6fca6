package dev.verge.sandbox.host;

import dev.verge.sandbox.CheckResult.CodeError;
import dev.verge.sandbox.CheckResult.Kind;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.FunctionOutcome;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;

/** Puts failures into the words of a function's log. */
final class Explain {
    private static final int MAX_LENGTH = 8 << 10;

    static final String SHARED = "The context ended under this call: another call of the function went over a limit.";
    static final String STUCK =
            "The handler's promise can never settle: nothing is pending (no fetch, timer or body), and there is no response.";
    static final String STUCK_BODY = "The response's body can never be completed: nothing is pending.";
    static final String STUCK_WORK = "A promise given to waitUntil can never settle: nothing is pending.";

    private Explain() {}

    /** An exception of the script, with the places it came through. */
    static String describe(PolyglotException e) {
        StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
        SourceSection place = e.getSourceLocation();
        if (e.isSyntaxError() && place != null) {
            text.append("\n    at ").append(module(place)).append(':').append(place.getStartLine());
            text.append(':').append(place.getStartColumn());
        }
        for (PolyglotException.StackFrame frame : e.getPolyglotStackTrace()) {
            SourceSection at = frame.getSourceLocation();
            if (frame.isGuestFrame() && at != null && !at.getSource().isInternal()) {
                text.append("\n    at ")
                        .append(frame.getRootName())
                        .append(" (")
                        .append(module(at));
                text.append(':')
                        .append(at.getStartLine())
                        .append(':')
                        .append(at.getStartColumn())
                        .append(')');
            }
        }
        return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text.toString();
    }

    /** A module's name as its owner wrote it. */
    static String module(SourceSection place) {
        String name = place.getSource().getName();
        return name.replaceFirst("^\\.?/", "");
    }

    /** What keeps a function from starting, with its place. */
    static CodeError error(PolyglotException e) {
        SourceSection place = e.getSourceLocation();
        if (place == null || place.getSource().isInternal()) {
            place = null;
            for (PolyglotException.StackFrame frame : e.getPolyglotStackTrace()) {
                SourceSection at = frame.getSourceLocation();
                if (frame.isGuestFrame() && at != null && !at.getSource().isInternal()) {
                    place = at;
                    break;
                }
            }
        }
        Kind kind = e.isSyntaxError() ? Kind.SYNTAX : Kind.STARTUP_EXCEPTION;
        String message = firstLine(String.valueOf(e.getMessage()));
        String text = message.length() > MAX_LENGTH ? message.substring(0, MAX_LENGTH) : message;
        return place == null
                ? new CodeError(kind, "", 0, 0, text)
                : new CodeError(kind, module(place), place.getStartLine(), place.getStartColumn(), text);
    }

    /** The engine repeats a syntax error's place and shows its line; the place is told apart from the message here. */
    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("").replaceFirst("^(SyntaxError: )\\S+:\\d+:\\d+ ", "$1");
    }

    /** A mistake as a line of log. */
    static String line(CodeError error) {
        return error.line() == 0
                ? error.message()
                : error.message() + "\n    at " + error.module() + ":" + error.line() + ":" + error.column();
    }

    /** A limit that ended a start. */
    static String start(Doom reason, FunctionLimits limits) {
        return reason.outcome() == FunctionOutcome.OVER_MEMORY
                ? "Starting the function allocated more memory than its limits allow."
                : "Starting the function took more CPU time than limits.startup ("
                        + limits.startup().toMillis() + " ms).";
    }

    /** A limit that ended a call, or the start before it. */
    static String limit(Doom reason, HostCall call) {
        FunctionLimits limits = call.limits;
        if (reason.culprit() == null) {
            return start(reason, limits);
        }
        return switch (reason.outcome()) {
            case OVER_CPU ->
                "Used more CPU time than limits.cpu (" + limits.cpu().toMillis() + " ms"
                        + (call.hadNanos < 1_000_000
                                ? ")."
                                : ") and the " + call.hadNanos / 1_000_000
                                        + " ms that it could have on top while its code is new here.");
            case OVER_MEMORY ->
                call.heldBytes > limits.memoryBytes()
                        ? "The function's contexts held " + call.heldBytes + " bytes, limits.memoryBytes is "
                                + limits.memoryBytes() + "."
                        : "Allocated more memory than limits.memoryBytes (" + limits.memoryBytes()
                                + ") and limits.allocatedBytes (" + limits.allocatedBytes()
                                + " per second of CPU time) allow.";
            case OVER_WALL -> "Took longer than limits.wall (" + limits.wall().toMillis() + " ms).";
            case OK, THREW, OVER_SUBREQUESTS, BAD_RESPONSE, CANCELLED, KILLED -> "The context ended under this call.";
        };
    }
}
