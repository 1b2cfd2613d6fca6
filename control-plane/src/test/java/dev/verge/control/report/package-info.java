/** Holds the log on SQL against what the sync server relies on. */
@NullMarked
package dev.verge.control.report;

import org.jspecify.annotations.NullMarked;
