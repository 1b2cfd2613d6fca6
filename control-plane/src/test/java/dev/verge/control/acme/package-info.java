/** When certificates are ordered, held against what authorities bear. */
@NullMarked
package dev.verge.control.acme;

import org.jspecify.annotations.NullMarked;
