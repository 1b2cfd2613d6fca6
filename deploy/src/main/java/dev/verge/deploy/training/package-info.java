/** Work for the processes of a platform while its start-up caches are trained. Called by the build alone. */
@NullMarked
package dev.verge.deploy.training;

import org.jspecify.annotations.NullMarked;
