@NullMarked
package dev.verge.deploy.scaffold;

import org.jspecify.annotations.NullMarked;
