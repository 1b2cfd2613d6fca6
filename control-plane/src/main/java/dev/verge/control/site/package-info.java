/**
 * Sites: their documents and versions, the hosts they claim, the functions they name.
 *
 * <p>May enter: what holds between a site's document and everything else that is stored. Never here: what holds inside a document (the
 * document's own package checks that), or how a node serves it.
 */
@NullMarked
package dev.verge.control.site;

import org.jspecify.annotations.NullMarked;
