package dev.verge.sandbox;

import java.util.Map;

/**
 * A version of a function, as a runtime tells it from others.
 *
 * @param account the tenant; functions of two accounts never share a process
 * @param name of the function, for logs and metrics
 * @param version as the control plane counts them, for logs
 * @param sha256 of the bundle's canonical bytes, 64 hex digits
 * @param limits what an invocation may use
 * @param env the strings that the handler finds in {@code env}: vars and secrets
 */
public record FunctionVersion(
        String account, String name, String version, String sha256, FunctionLimits limits, Map<String, String> env) {
    public FunctionVersion {
        env = Map.copyOf(env);
    }
}
