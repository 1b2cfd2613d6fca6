package dev.verge.sandbox.host.crypto;

/** Why an operation was not carried out, by the name that the Web Cryptography API has for it. */
public final class CryptoFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** The names of exceptions that operations end with. */
    public enum Kind {
        /** The operation failed for a reason of its own. */
        OPERATION("OperationError"),
        /** The bytes are not a key of that kind. */
        DATA("DataError"),
        /** There is no such algorithm, curve or form of key here. */
        NOT_SUPPORTED("NotSupportedError");

        private final String domName;

        Kind(String domName) {
            this.domName = domName;
        }

        /** Of the DOMException. */
        public String domName() {
            return domName;
        }
    }

    private final Kind kind;

    private CryptoFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    static CryptoFailure operation(String message) {
        return new CryptoFailure(Kind.OPERATION, message);
    }

    /** For an input that is over a bound of the platform. */
    public static CryptoFailure tooLarge(int maxBytes) {
        return operation("More than " + maxBytes + " bytes at once");
    }

    static CryptoFailure data(String message) {
        return new CryptoFailure(Kind.DATA, message);
    }

    static CryptoFailure notSupported(String message) {
        return new CryptoFailure(Kind.NOT_SUPPORTED, message);
    }

    /** Which exception a script sees. */
    public Kind kind() {
        return kind;
    }
}
