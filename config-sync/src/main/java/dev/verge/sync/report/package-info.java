/**
 * What nodes tell of themselves every few seconds: how busy they are, and which origins they do not use. It travels as a record that the
 * control plane watches live.
 *
 * <p>May enter: immutable records and their bounds. Never here: how a node measures, or where it is kept.
 */
@NullMarked
package dev.verge.sync.report;

import org.jspecify.annotations.NullMarked;
