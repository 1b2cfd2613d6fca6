/**
 * What sites and functions used: taken from nodes, each interval once, kept by the minute, asked for, and watched as it happens.
 *
 * <p>May enter: the rows of usage, what takes and tells them. Never here: how nodes count, what is done about it.
 */
@NullMarked
package dev.verge.control.usage;

import org.jspecify.annotations.NullMarked;
