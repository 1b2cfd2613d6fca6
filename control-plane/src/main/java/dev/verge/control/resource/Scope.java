package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** What a token may do. */
public enum Scope {
    /** Read everything of the own account. */
    @JsonProperty("read")
    READ("read"),
    /** Change sites. */
    @JsonProperty("sites:write")
    SITES_WRITE("sites:write"),
    /** Change functions. */
    @JsonProperty("functions:write")
    FUNCTIONS_WRITE("functions:write"),
    /** Purge. */
    @JsonProperty("purge")
    PURGE("purge"),
    /** Change kv. */
    @JsonProperty("kv:write")
    KV_WRITE("kv:write"),
    /** All of the own account, its tokens included. */
    @JsonProperty("admin")
    ADMIN("admin"),
    /** The platform: nodes, accounts, and acting for any account. */
    @JsonProperty("operator")
    OPERATOR("operator");

    private final String word;

    Scope(String word) {
        this.word = word;
    }

    /** The scope as it is written. */
    public String word() {
        return word;
    }

    /** Whether a token with this scope may do what needs {@code wanted}. */
    public boolean covers(Scope wanted) {
        return switch (this) {
            case OPERATOR -> true;
            case ADMIN -> wanted != OPERATOR;
            // Who may change a thing may see it: a deploy token can wait for the nodes' answer.
            case SITES_WRITE, FUNCTIONS_WRITE, PURGE, KV_WRITE -> wanted == this || wanted == READ;
            case READ -> wanted == READ;
        };
    }

    /** The scope of a written word, or null when there is none. */
    public static @Nullable Scope of(String word) {
        for (Scope scope : values()) {
            if (scope.word.equals(word)) {
                return scope;
            }
        }
        return null;
    }
}
