/**
 * Reads nginx configuration and says it in Verge's words: what {@code verge import nginx} does. Pure but for the files that it reads.
 * A directive is translated, or it is told of with file, line and reason: {@link dev.verge.deploy.nginx.Notes} knows which of the two
 * happened to each of them, so that none gets lost.
 */
@NullMarked
package dev.verge.deploy.nginx;

import org.jspecify.annotations.NullMarked;
