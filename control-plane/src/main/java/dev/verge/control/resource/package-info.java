/**
 * What the API's answers and bodies look like: records only, one for each JSON object of {@code /v1}.
 *
 * <p>May enter: records that are written to or read from the wire, shared by the server, its OpenAPI description and the
 * client. Never here: behaviour, or a store's row.
 */
@NullMarked
package dev.verge.control.resource;

import org.jspecify.annotations.NullMarked;
