/**
 * What a node serves at one moment: sites compiled from their documents, found by host, and the functions beside them.
 *
 * <p>May enter: immutable object graphs made when configuration arrives. Never: changes in place; a new state is a new graph, swapped
 * by one reference, and a request keeps the one it started with.
 */
@NullMarked
package dev.verge.node.site;

import org.jspecify.annotations.NullMarked;
