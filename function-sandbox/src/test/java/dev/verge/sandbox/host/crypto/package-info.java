/** Tests of the operations of the Web Cryptography API, without a script engine. */
@NullMarked
package dev.verge.sandbox.host.crypto;

import org.jspecify.annotations.NullMarked;
