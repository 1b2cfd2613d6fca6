/**
 * The demo origins: small web servers with real content, that can be told to be slow, ill or silent, so that caching and
 * failover can be shown and tested over real sockets.
 *
 * <p>What may enter: Vert.x's HTTP server and the files of the bundled web app. They know nothing of the edge, the control plane
 * or each other, and they never reach out: an origin only answers.
 */
@NullMarked
package dev.verge.deploy.demo;

import org.jspecify.annotations.NullMarked;
