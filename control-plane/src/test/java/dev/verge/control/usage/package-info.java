/** How usage is divided, without a store. */
@NullMarked
package dev.verge.control.usage;

import org.jspecify.annotations.NullMarked;
