/** House rules as tests: which module may use which, and which library may appear where. */
@NullMarked
package dev.verge.deploy.house;

import org.jspecify.annotations.NullMarked;
