package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;

/** An account that has quotas. */
public record AccountEntry(
        @JsonPropertyDescription("The account.") @NotEmpty String account,

        @JsonPropertyDescription("What it may use of all nodes together.")
        AccountQuotas quotas)
        implements Entry {

    @Override
    public String key() {
        return Keys.account(account);
    }
}
