/** Certificates by ACME, from a small certificate authority of the tests' own to a client's handshake. */
@NullMarked
package dev.verge.deploy.acme;

import org.jspecify.annotations.NullMarked;
