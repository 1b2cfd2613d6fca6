/** Tests of schedules. */
@NullMarked
package dev.verge.control.schedule;

import org.jspecify.annotations.NullMarked;
