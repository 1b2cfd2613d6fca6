/**
 * Benchmarks of the cache and of function hosts as libraries: the one place of this module that may use the libraries themselves. Each prints Markdown
 * tables in which a figure stands beside what it was measured against in the same run.
 */
@NullMarked
package dev.verge.load.jmh;

import org.jspecify.annotations.NullMarked;
