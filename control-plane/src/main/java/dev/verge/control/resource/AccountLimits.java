package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sandbox.FunctionCeilings;
import dev.verge.sync.log.AccountQuotas;

/**
 * What an account may have at most.
 *
 * @param functions ceilings of its functions' limits
 * @param quotas how much it may use
 */
public record AccountLimits(
        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription(
                "Ceilings of its functions' limits, below the platform's; checked when a version is pushed and when it is given traffic.")
        FunctionCeilings functions,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("What it may use of all nodes together; held at the nodes, within moments.")
        AccountQuotas quotas) {

    /** The platform's own. */
    public static final AccountLimits NONE = new AccountLimits(FunctionCeilings.NONE, AccountQuotas.NONE);
}
