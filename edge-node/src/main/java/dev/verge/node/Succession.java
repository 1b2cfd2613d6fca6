package dev.verge.node;

import dev.verge.cache.store.TieredCache;
import dev.verge.node.config.ListenAddress;
import dev.verge.node.config.NodeConfig;
import dev.verge.node.server.Listener;
import dev.verge.node.server.ListeningSockets;
import dev.verge.node.succession.Incumbent;
import dev.verge.node.succession.Predecessor;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node does when another process takes over from it. */
final class Succession implements Incumbent {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeNode.class);
    private static final String SOCKET = "successor.sock";

    private final NodeConfig config;
    private final ListeningSockets sockets;
    private final NodeFolder folder;
    private final TieredCache cache;
    private final LogFollower log;
    private final NodeState state;
    private final Runnable end;
    private final Semaphore holdsFolder = new Semaphore(1);

    /** @param end ends the process's work; does not wait for it */
    Succession(
            NodeConfig config,
            ListeningSockets sockets,
            NodeFolder folder,
            TieredCache cache,
            LogFollower log,
            NodeState state,
            Runnable end) {
        this.config = config;
        this.sockets = sockets;
        this.folder = folder;
        this.cache = cache;
        this.log = log;
        this.state = state;
        this.end = end;
    }

    /** The socket over which the two processes speak. */
    static Path socket(Path data) {
        return data.resolve(SOCKET);
    }

    /** The process that has the node's folder now, if this one shall take over from it and there is one. */
    static Optional<Predecessor> predecessor(NodeConfig config, boolean takesOver) {
        return takesOver ? Predecessor.meet(socket(Path.of(config.data()).toAbsolutePath())) : Optional.empty();
    }

    /** The ports of a node and where it listens, as it stands in the settings. */
    static Map<Listener, String> addresses(NodeConfig config) {
        Map<Listener, String> addresses = new EnumMap<>(Listener.class);
        addresses.put(Listener.HTTP, config.http().listen().toString());
        addresses.put(Listener.HTTPS, config.https().listen().toString());
        addresses.put(Listener.ADMIN, config.admin().listen().toString());
        ListenAddress health = config.health().listen();
        if (health != null) {
            addresses.put(Listener.HEALTH, health.toString());
        }
        return addresses;
    }

    @Override
    public @Nullable FileDescriptor socket(Listener listener, String address) {
        return address.equals(addresses(config).get(listener)) ? sockets.descriptor(listener) : null;
    }

    @Override
    public void leaveFolder() {
        if (!holdsFolder.tryAcquire()) {
            throw new IllegalStateException("the node is ending");
        }
        log.leave();
        cache.leaveDisk();
        folder.release();
    }

    @Override
    public void takeFolderBack() {
        try {
            folder.takeBack();
        } catch (IOException | StartFailure e) {
            LOG.error("the folder is in use by another process: this one goes on without it", e);
            return;
        }
        cache.takeDiskBack();
        log.close();
        log.restore(folder.confidential("sync"));
        log.connect();
        holdsFolder.release();
        LOG.info("node {} has its folder back", config.node());
    }

    @Override
    public void stepDown() {
        state.succeeded();
        sockets.close(listener -> true).await();
    }

    @Override
    public void end() {
        end.run();
    }
}
