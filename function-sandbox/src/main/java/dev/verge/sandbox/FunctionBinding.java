package dev.verge.sandbox;

/**
 * What stands behind a name in {@code env} that is no plain text.
 *
 * @param kind what kind of thing
 * @param target its name: of the namespace, or of the function
 */
public record FunctionBinding(Kind kind, String target) {

    /** Kinds of bindings. */
    public enum Kind {
        KV,
        SERVICE
    }

    /** A key-value namespace. */
    public static FunctionBinding kv(String namespace) {
        return new FunctionBinding(Kind.KV, namespace);
    }

    /** Another function of the account. */
    public static FunctionBinding service(String function) {
        return new FunctionBinding(Kind.SERVICE, function);
    }
}
