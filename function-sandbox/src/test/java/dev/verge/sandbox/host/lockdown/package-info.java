/** Tests of the lock-down: the filter as a program, and what a locked process is refused. */
@NullMarked
package dev.verge.sandbox.host.lockdown;

import org.jspecify.annotations.NullMarked;
