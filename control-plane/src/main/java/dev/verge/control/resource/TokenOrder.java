package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * Body for a new token.
 *
 * @param name says what it is for; unique among the account's live tokens
 * @param account the account it belongs to; the caller's when absent
 * @param scopes what it may do, within the caller's own
 * @param expiresIn lifetime, within the caller's own; 90 days when absent
 */
public record TokenOrder(
        @Pattern(regexp = Names.NAME) @JsonPropertyDescription("Says what the token is for.")
        String name,

        @Nullable @JsonPropertyDescription("The account it belongs to; the caller's when absent.")
        String account,

        @NotEmpty @JsonPropertyDescription("What it may do, within the caller's own scopes.")
        List<Scope> scopes,

        @JsonProperty(defaultValue = "90d")
        @DurationMin(minutes = 1)
        @DurationMax(days = 3650)
        @JsonPropertyDescription("Lifetime, within the caller's own.")
        Duration expiresIn) {

    /** Keeps its own copy of the scopes. */
    public TokenOrder {
        scopes = List.copyOf(scopes);
    }
}
