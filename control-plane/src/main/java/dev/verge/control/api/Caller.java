package dev.verge.control.api;

import dev.verge.control.access.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a call, and how.
 *
 * @param principal whose token it carries
 * @param account the account it acts for
 * @param from the caller's address
 * @param request method and path
 * @param requestId of the call
 * @param session the console's session that stood for the token; null when the token itself came
 */
public record Caller(
        Principal principal,
        String account,
        String from,
        String request,
        String requestId,
        @Nullable String session) {}
