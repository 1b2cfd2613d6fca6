/** Very many simulated nodes at one control plane: real streams and frames, no data plane and no disk. */
@NullMarked
package dev.verge.load.fleet;

import org.jspecify.annotations.NullMarked;
