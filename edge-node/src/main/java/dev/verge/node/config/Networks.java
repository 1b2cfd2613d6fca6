package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.document.Cidr;
import jakarta.validation.constraints.Size;
import java.util.List;

/** Networks that may be reached besides public addresses; checked after name resolution, for every connection. */
public record Networks(
        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription("Networks (CIDR) that origins may be in besides public addresses.")
        @Size(max = 1024)
        List<Cidr> origins,

        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription("Networks (CIDR) that functions may fetch from besides public addresses.")
        @Size(max = 1024)
        List<Cidr> functions) {
    public Networks {
        origins = List.copyOf(origins);
        functions = List.copyOf(functions);
    }
}
