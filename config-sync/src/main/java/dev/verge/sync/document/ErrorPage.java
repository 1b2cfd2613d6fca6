package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Size;

/** What clients that take HTML see for an error made by the node. */
public record ErrorPage(
        @JsonPropertyDescription("The page; ${requestId} stands for the identity of the request.")
        @Size(min = 1, max = 65_536)
        String html) {}
