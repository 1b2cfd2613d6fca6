package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Size;

/**
 * Body that sets a secret.
 *
 * @param value text of 1 to {@value #LONGEST} characters
 */
public record SecretValue(
        @Size(min = 1, max = LONGEST)
        @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
        @JsonPropertyDescription("The value; never read back.")
        String value) {

    /** Longest value in characters. */
    public static final int LONGEST = 5_120;

    @Override
    public String toString() {
        return "SecretValue[***]";
    }
}
