/**
 * The whole state of an installation as one file, and a store made from such a file.
 *
 * <p>May enter: the file's form, reading and writing it. It knows tables by name and rows as columns, so what a row means stays with its
 * feature. Secrets and keys stay sealed in it: the installation's secret key is not part of a backup.
 *
 * <p>Threads: everything blocks.
 */
@NullMarked
package dev.verge.control.backup;

import org.jspecify.annotations.NullMarked;
