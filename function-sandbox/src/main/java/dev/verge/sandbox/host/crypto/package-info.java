/**
 * The operations of the Web Cryptography API over the JDK's providers: bytes in, bytes out, no script engine. What may take long looks at
 * the thread's interruption, by which the engine stops the owner of a context that is over its limits, and every input has a bound.
 *
 * <p>No key material in messages of exceptions, {@code toString} or logs. Checks that need no mathematics (names, usages, JSON Web Key
 * members) are the web API's own, in JavaScript.
 */
@NullMarked
package dev.verge.sandbox.host.crypto;

import org.jspecify.annotations.NullMarked;
