/**
 * Floods against one node, and what a client that behaves well gets meanwhile.
 *
 * <p>May enter: attacks as clients that can be started and stopped, and the client that is measured. No part of the product is linked: all
 * goes over sockets, as an attacker's does.
 */
@NullMarked
package dev.verge.load.floods;

import org.jspecify.annotations.NullMarked;
