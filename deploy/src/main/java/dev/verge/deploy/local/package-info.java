/**
 * An edge node for one developer: the real node, in this process, with its real locked-down function hosts, behind a configuration log
 * that lives in memory. What {@code verge dev} stands on. The log holds what one session makes; nothing of it survives.
 */
@NullMarked
package dev.verge.deploy.local;

import org.jspecify.annotations.NullMarked;
