/**
 * Accounts, tokens and the audit over the API.
 *
 * <p>May enter: routes by which people manage who may call. Never here: the decision whether a call is let through; that is {@code
 * access}.
 */
@NullMarked
package dev.verge.control.account;

import org.jspecify.annotations.NullMarked;
