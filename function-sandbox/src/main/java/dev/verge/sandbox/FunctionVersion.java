package dev.verge.sandbox;

import java.util.Map;

/**
 * A version of a function, as a runtime tells it from others.
 *
 * @param account the tenant; functions of two accounts share a process only where both are {@code shared}
 * @param name of the function, for logs and metrics
 * @param version as the control plane counts them, for logs
 * @param sha256 of the bundle's canonical bytes, 64 hex digits
 * @param limits what an invocation may use
 * @param env the strings that the handler finds in {@code env}: vars and secrets
 * @param bindings what else it finds there
 * @param shared whether it runs in the one process for the shared functions of all accounts, instead of its account's own
 */
public record FunctionVersion(
        String account,
        String name,
        String version,
        String sha256,
        FunctionLimits limits,
        Map<String, String> env,
        Map<String, FunctionBinding> bindings,
        boolean shared) {
    /** Stands for the account of the shared functions' process; no account has such a name. */
    public static final String SHARED = "*";

    public FunctionVersion {
        env = Map.copyOf(env);
        bindings = Map.copyOf(bindings);
    }

    /** A version without bindings. */
    public FunctionVersion(
            String account,
            String name,
            String version,
            String sha256,
            FunctionLimits limits,
            Map<String, String> env) {
        this(account, name, version, sha256, limits, env, Map.of(), false);
    }

    /** Whose process it runs in: its account's, or {@link #SHARED}. */
    public String cordon() {
        return shared ? SHARED : account;
    }

    /** Without what {@code env} holds: there may be secrets in it. */
    @Override
    public String toString() {
        return account + "/" + name + "@" + version;
    }
}
