/**
 * Which nodes need what is not placed by itself: functions, namespaces and certificates go where
 * the sites that use them are.
 *
 * <p>May enter: who uses what, and the nodes that follow from it. Never: what is used, and who may change it.
 */
@NullMarked
package dev.verge.control.reach;

import org.jspecify.annotations.NullMarked;
