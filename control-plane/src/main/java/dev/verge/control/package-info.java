/**
 * The control plane as a process part: its settings, its start and its end.
 *
 * <p>May enter: what wires the rooms below together ({@code store}, {@code access}, {@code api}, {@code nodes}). Never
 * here: a rule about a resource, SQL, or anything of RocksDB and the script engine.
 */
@NullMarked
package dev.verge.control;

import org.jspecify.annotations.NullMarked;
