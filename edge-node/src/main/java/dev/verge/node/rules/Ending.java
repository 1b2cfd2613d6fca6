package dev.verge.node.rules;

import dev.verge.node.rules.FieldChanges.Set;
import java.util.List;

/** How the request phase ends. */
public sealed interface Ending {

    /** On to the cache and, past it, the pool. */
    record Pass() implements Ending {}

    /** A function answers; {@code use} is a key of the site's {@code functions}. */
    record Run(String use) implements Ending {}

    /** A redirect (RFC 9110 §15.4). */
    record Redirect(int status, String location) implements Ending {}

    /** An answer that stands in the document. */
    record Respond(int status, List<Set> fields, String body) implements Ending {
        public Respond {
            fields = List.copyOf(fields);
        }
    }

    /** A refusal with the site's error page. */
    record Deny(int status) implements Ending {}
}
