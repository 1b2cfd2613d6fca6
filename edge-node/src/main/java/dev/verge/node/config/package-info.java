/**
 * What a node is started with: one record for each group of settings, each setting declared once with its unit, default, range and
 * description.
 *
 * <p>May enter: {@link dev.verge.node.config.NodeConfig} and the records it is made of, and the parsing of their values
 * (addresses, networks). Never: anything that opens a socket, a file or a thread; site documents (those belong to the module
 * that publishes them).
 */
@NullMarked
package dev.verge.node.config;

import org.jspecify.annotations.NullMarked;
