/**
 * What nodes tell of themselves: how busy they are, and which origins they do not use. Taken, kept for a while, and forgotten.
 *
 * <p>Never here: routes, or what documents say of origins.
 */
@NullMarked
package dev.verge.control.report;

import org.jspecify.annotations.NullMarked;
