package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Min;

/**
 * Why a node does not run the newest value of a key.
 *
 * @param revision the commit that was refused
 * @param reason one line, at most {@value #MAX_REASON} characters; longer ones are cut
 */
public record Refusal(
        @JsonPropertyDescription("The refused commit.") @Min(1)
        long revision,

        @JsonPropertyDescription("One line.") String reason) {

    /** Longest reason. */
    public static final int MAX_REASON = 500;

    public Refusal {
        reason = reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON - 1) + "…";
    }
}
