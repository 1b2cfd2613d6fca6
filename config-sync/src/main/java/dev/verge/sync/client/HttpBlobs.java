package dev.verge.sync.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpResponseExpectation;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.codec.BodyCodec;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Blobs from the control plane that the stream is to, while it stands. */
final class HttpBlobs implements BlobSource {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final WebClient web;
    private final SyncClientOptions options;
    private final ControlPlaneLink link;

    HttpBlobs(Vertx vertx, WebClient web, SyncClientOptions options, ControlPlaneLink link) {
        this.vertx = vertx;
        this.web = web;
        this.options = options;
        this.link = link;
    }

    @Override
    public Future<Void> fetch(String sha256, Path into) {
        URI base = link.connectedTo();
        String session = link.session();
        if (base == null || session.isEmpty()) {
            return Future.failedFuture("blob " + sha256 + " is not on disk and no control plane is connected");
        }
        return vertx.fileSystem()
                .open(into.toString(), new OpenOptions().setWrite(true).setTruncateExisting(true))
                .compose(
                        file -> web.getAbs(base.resolve("/sync/blobs/" + sha256).toString())
                                .bearerTokenAuthentication(session)
                                .timeout(TIMEOUT.toMillis())
                                .as(BodyCodec.pipe(new BoundedFile(file, options.maxBlobBytes())))
                                .send()
                                .expecting(HttpResponseExpectation.SC_OK)
                                .eventually(() -> file.close().otherwiseEmpty()))
                .mapEmpty();
    }
}
