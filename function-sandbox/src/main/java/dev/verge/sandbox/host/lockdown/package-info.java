/**
 * How a host process gives up, before any script runs, everything that running scripts does not need.
 *
 * <p>Walls, from the outside in: no privilege can be gained, resources that nobody needs are limited to nothing, files outside the
 * class path are out of sight (Landlock), and system calls that are not on a list fail or end the process (seccomp). Decisions are
 * pure: {@link dev.verge.sandbox.host.lockdown.Seccomp} turns {@link dev.verge.sandbox.host.lockdown.Policy} into a program for an
 * architecture; only {@link dev.verge.sandbox.host.lockdown.Kernel} talks to the kernel.
 *
 * <p>Landlock and capabilities belong to a thread and to those it starts. So the main thread applies them before it starts any other;
 * threads of the JVM itself (compiler, collector, signals), which are older and never run a script, are held by seccomp alone.
 */
@NullMarked
package dev.verge.sandbox.host.lockdown;

import org.jspecify.annotations.NullMarked;
