/**
 * Certificates and their keys: what may be uploaded, what is told of them, which sites use them.
 *
 * <p>May enter: checks of an upload by itself and beside the sites that name it. Never here: how a node serves with one, or an answer
 * that holds a key.
 */
@NullMarked
package dev.verge.control.certificate;

import org.jspecify.annotations.NullMarked;
