package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;

/** A function of the same account, as the site's rules call it. */
public record FunctionUse(
        @JsonPropertyDescription("Name of the function.")
        @Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE)
        String function) {}
