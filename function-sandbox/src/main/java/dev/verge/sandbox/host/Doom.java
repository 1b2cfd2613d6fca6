package dev.verge.sandbox.host;

import dev.verge.sandbox.FunctionOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Why a context must end.
 *
 * @param culprit the call that went over a limit, or null when it happened at start-up
 */
record Doom(FunctionOutcome outcome, @Nullable HostCall culprit) {}
