package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.verge.sync.crypto.FleetKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A value that must not be seen in logs, messages and dumps of records: its text form shows nothing. Compared by value. */
public final class Secret {

    /** Longest secret in characters. */
    public static final int MAX_LENGTH = 5_120;

    /** Longest form of one that is sealed: three bytes to a character, base64, and what sealing adds. */
    private static final int MAX_SEALED_LENGTH = MAX_LENGTH * 4 + 128;

    private final String value;

    private Secret(String value) {
        if (value.length() > (FleetKey.isSealed(value) ? MAX_SEALED_LENGTH : MAX_LENGTH)) {
            throw new IllegalArgumentException("a secret of at most " + MAX_LENGTH + " characters");
        }
        this.value = value;
    }

    /** Keeps a value. */
    @JsonCreator
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The value itself: for the function that it belongs to, and for the log's own encoding. */
    @JsonValue
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(value);
    }

    @Override
    public String toString() {
        return "***";
    }
}
