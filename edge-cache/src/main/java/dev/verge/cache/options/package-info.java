/**
 * What a site says about caching: the {@code cache:} block of a site document and the partial one of a rule.
 *
 * <p>May enter: declarations of settings, their ranges, their relations. Never: rules of HTTP, parsing of documents.
 */
@NullMarked
package dev.verge.cache.options;

import org.jspecify.annotations.NullMarked;
