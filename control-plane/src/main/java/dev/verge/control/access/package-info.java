/**
 * Who may do what: accounts, tokens with scopes, the operator's first token, the rate limit of each token.
 *
 * <p>May enter: everything that decides whether a call is let through before a resource is looked at. Never here: a token in clear
 * beyond the moment it is made, or resources themselves.
 */
@NullMarked
package dev.verge.control.access;

import org.jspecify.annotations.NullMarked;
