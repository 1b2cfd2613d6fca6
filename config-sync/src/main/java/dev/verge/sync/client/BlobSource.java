package dev.verge.sync.client;

import io.vertx.core.Future;
import java.nio.file.Path;

/** Where blobs come from. */
@FunctionalInterface
interface BlobSource {
    /** Brings the content into a file that is there; what it is worth is checked later. */
    Future<Void> fetch(String sha256, Path into);
}
