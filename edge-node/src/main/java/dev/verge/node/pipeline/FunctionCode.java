package dev.verge.node.pipeline;

import dev.verge.sandbox.FunctionBundle;
import io.vertx.core.Future;

/** Where the code of functions comes from. Thread-safe. */
@FunctionalInterface
public interface FunctionCode {
    /** The bundle with this hash, verified. */
    Future<FunctionBundle> bundle(String sha256);
}
