/**
 * End-to-end tests: each starts the built distribution on free ports, exactly as a user would, and drives it over sockets and
 * through the {@code verge} command. Nothing here may reach into a module's classes.
 */
@NullMarked
package dev.verge.deploy.e2e;

import org.jspecify.annotations.NullMarked;
