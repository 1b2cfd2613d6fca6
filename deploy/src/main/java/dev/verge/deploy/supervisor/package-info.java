/**
 * {@code verge up}: starts every part of a platform on one machine as a process of its own, watches them, starts the dead ones
 * again and stops all of them in order.
 *
 * <p>What may enter: processes, files of the data folder, ports, and the control plane's API. It never looks into a part: what
 * a part is told stands in its config file, what it says is read from its output and its {@code /readyz}.
 */
@NullMarked
package dev.verge.deploy.supervisor;

import org.jspecify.annotations.NullMarked;
