/**
 * New functions from templates: what {@code verge init} writes. The templates are resources, complete projects that tests deploy and
 * call; here is only which there are and how their files get a name and a place. Nothing is ever overwritten.
 */
@NullMarked
package dev.verge.deploy.scaffold;

import org.jspecify.annotations.NullMarked;
