package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sandbox.FunctionCeilings;

/**
 * What an account may have at most.
 *
 * @param functions ceilings of its functions' limits
 */
public record AccountLimits(
        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription(
                "Ceilings of its functions' limits, below the platform's; checked when a version is pushed and when it is given traffic.")
        FunctionCeilings functions) {

    /** The platform's own. */
    public static final AccountLimits NONE = new AccountLimits(FunctionCeilings.NONE);
}
