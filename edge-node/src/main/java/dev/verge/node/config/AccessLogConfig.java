package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How finished requests are told of. */
public record AccessLogConfig(
        @Nullable
        @JsonPropertyDescription(
                "Form of the lines: json (everything that is known), combined (Apache's combined log format, for tools that read"
                        + " it) or text (for people). Absent: text when standard output is a terminal, else json.")
        Format format) {

    /** The form of a line. */
    public enum Format {
        JSON,
        COMBINED,
        TEXT
    }
}
