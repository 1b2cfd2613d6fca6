/**
 * Clients that go on asking while the process behind the port is replaced.
 *
 * <p>May enter: clients that count every request that was not answered well. Never: retries, which would hide what is looked for.
 */
@NullMarked
package dev.verge.load.upgrades;

import org.jspecify.annotations.NullMarked;
