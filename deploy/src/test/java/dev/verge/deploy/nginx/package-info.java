@NullMarked
package dev.verge.deploy.nginx;

import org.jspecify.annotations.NullMarked;
