/**
 * X.509 certificates and their keys as text, checked once for both ends of the log: who uploads them and who serves with them.
 *
 * <p>May enter: reading, and what can be said of a chain by itself. Never here: sockets, files, and who may use which.
 */
@NullMarked
package dev.verge.sync.certificate;

import org.jspecify.annotations.NullMarked;
