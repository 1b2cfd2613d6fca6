package dev.verge.sync.live;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;

/**
 * One run of a function, for those who watch it.
 *
 * @param json the record as JSON text, as the node logs it
 */
public record LiveRecord(
        @JsonPropertyDescription("Owner.") @NotEmpty @Size(max = 100)
        String account,

        @JsonPropertyDescription("Name of the function.") @NotEmpty @Size(max = 100)
        String function,

        @JsonPropertyDescription("The record as JSON text.") @Size(max = MAX_JSON)
        String json) {

    /** Longest record in characters; longer ones are dropped and counted. */
    public static final int MAX_JSON = 512 << 10;

    /** How a function is named among those that are watched. */
    public static String name(String account, String function) {
        return account + "/" + function;
    }
}
