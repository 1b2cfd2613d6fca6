/**
 * The API's client over the Vert.x Web Client, as the command line uses it.
 *
 * <p>May enter: one method for each call a program makes, and the problem it may end in. Never here: printing, retries
 * that the caller did not ask for, or keeping tokens on disk.
 */
@NullMarked
package dev.verge.control.client;

import org.jspecify.annotations.NullMarked;
