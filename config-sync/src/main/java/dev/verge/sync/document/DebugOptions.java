package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** Who may ask how a request was handled. */
public record DebugOptions(
        @JsonProperty(defaultValue = "off")
        @JsonPropertyDescription("off, or the address ranges whose clients may use Verge-Debug.")
        DebugAllow allow) {}
