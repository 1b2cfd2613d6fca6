/** The origins of an account's sites as documents name them and nodes see them. Never here: how reports are taken. */
@NullMarked
package dev.verge.control.origin;

import org.jspecify.annotations.NullMarked;
