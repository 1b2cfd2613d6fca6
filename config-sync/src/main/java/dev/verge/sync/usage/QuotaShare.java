package dev.verge.sync.usage;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * A node's part of an account's quotas, in millionths. It holds for some seconds after it was heard.
 *
 * @param requests of the requests
 * @param functions of all that is about functions
 * @param even what a node has that has not heard for longer: the parts of all nodes are then the whole
 */
public record QuotaShare(
        @JsonPropertyDescription("Part of the requests, in millionths.") @Min(1) @Max(QuotaShare.WHOLE)
        int requests,

        @JsonPropertyDescription("Part of what is about functions, in millionths.") @Min(1) @Max(QuotaShare.WHOLE)
        int functions,

        @JsonPropertyDescription("Part of a node that has not heard for long, in millionths.")
        @Min(1)
        @Max(QuotaShare.WHOLE)
        int even) {

    /** All of it. */
    public static final int WHOLE = 1_000_000;

    /** What a node has that nobody has told anything. */
    public static final QuotaShare ALL = new QuotaShare(WHOLE, WHOLE, WHOLE);
}
