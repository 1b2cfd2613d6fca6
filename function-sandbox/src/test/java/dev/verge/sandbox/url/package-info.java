/** Tables of the URL Standard's behaviour. */
@NullMarked
package dev.verge.sandbox.url;

import org.jspecify.annotations.NullMarked;
