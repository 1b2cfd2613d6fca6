package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an origin stands at a node. */
public enum OriginHealth {
    /** The node uses it. */
    @JsonProperty("up")
    UP,
    /** Taken out by active checks. */
    @JsonProperty("down")
    DOWN,
    /** Rests after failed requests. */
    @JsonProperty("ejected")
    EJECTED,
    /** The node is away, does not have the site's document yet, or tells nothing. */
    @JsonProperty("unknown")
    UNKNOWN
}
