package dev.verge.node.succession;

import dev.verge.node.server.Listener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node waits for its successor. Only a process of the same user, or the machine's administrator, is heard; one successor at
 * a time may have the folder, and one that goes away before it serves has failed.
 */
public final class SuccessionDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SuccessionDoor.class);

    /** Belongs to the user that this process runs as. */
    private static final Path OWN_PROCESS = Path.of("/proc/self");

    private final Path file;
    private final Incumbent incumbent;
    private final AtomicReference<@Nullable Channel> heir = new AtomicReference<>();
    /** One thing after the other, off the event loops. */
    private final ExecutorService steps = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("verge-succession").factory());

    private volatile @Nullable Channel door;
    private boolean served;

    private SuccessionDoor(Path file, Incumbent incumbent) {
        this.file = file;
        this.incumbent = incumbent;
    }

    /**
     * Opens the door. Blocks. Where it cannot be opened the node runs without: the log says why, and a new process has to wait for
     * the end of this one.
     *
     * @param file the socket, in the data folder
     */
    public static SuccessionDoor open(EventLoopGroup loops, Path file, Incumbent incumbent) {
        SuccessionDoor door = new SuccessionDoor(file, incumbent);
        if (!Epoll.isAvailable()) {
            LOG.debug("no succession without epoll");
        } else if (!Lines.fits(file)) {
            LOG.warn("{} is too long for a socket: no other process can take over from this one", file);
        } else {
            try {
                door.listen(loops);
            } catch (IOException | RuntimeException e) {
                LOG.warn("no other process can take over from this one: {} cannot be opened", file, e);
            }
        }
        return door;
    }

    private void listen(EventLoopGroup loops) throws IOException {
        Files.deleteIfExists(file);
        int user = (Integer) Files.getAttribute(OWN_PROCESS, "unix:uid");
        door = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) throws IOException {
                        int peer = ((EpollDomainSocketChannel) channel)
                                .peerCredentials()
                                .uid();
                        if (peer != user && peer != 0) {
                            LOG.warn("a process of user {} asked to take over: refused", peer);
                            var _ = channel.close();
                            return;
                        }
                        channel.pipeline()
                                .addLast(
                                        new LineBasedFrameDecoder(Lines.LONGEST),
                                        new StringDecoder(StandardCharsets.UTF_8),
                                        new StringEncoder(StandardCharsets.UTF_8),
                                        new Conversation());
                    }
                })
                .bind(new DomainSocketAddress(file.toFile()))
                .syncUninterruptibly()
                .channel();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Closes the door and forgets whoever stands in it. */
    @Override
    public void close() {
        closeDoor();
        steps.shutdown();
    }

    private void closeDoor() {
        Channel open = door;
        if (open != null) {
            open.close().syncUninterruptibly();
        }
    }

    /** Reads {@code PROTOCOL WORD…} lines. */
    private final class Conversation extends SimpleChannelInboundHandler<String> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String line) {
            String[] words = line.split(" ", 4);
            if (!words[0].equals(Lines.PROTOCOL) || words.length < 2) {
                refuse(ctx, "the node that runs speaks " + Lines.PROTOCOL + "; stop it first");
                return;
            }
            steps.execute(() -> {
                try {
                    step(ctx, words);
                } catch (RuntimeException e) {
                    LOG.error("a step of the succession failed", e);
                    refuse(ctx, String.valueOf(e.getMessage()));
                }
            });
        }

        private void step(ChannelHandlerContext ctx, String[] words) {
            switch (words[1]) {
                case Lines.SOCKET -> {
                    FileDescriptor socket = words.length < 4 ? null : socket(words[2], words[3]);
                    var _ = (socket == null ? ctx.newSucceededFuture() : ctx.writeAndFlush(socket))
                            .addListener(ChannelFutureListener.CLOSE);
                }
                case Lines.LEAVE_FOLDER -> {
                    if (!ctx.channel().isActive()) {
                        return;
                    }
                    if (served || !heir.compareAndSet(null, ctx.channel())) {
                        refuse(ctx, "another process is taking over");
                        return;
                    }
                    LOG.info("a new process takes over: it gets the data folder");
                    incumbent.leaveFolder();
                    say(ctx, Lines.DONE);
                }
                case Lines.SERVING -> {
                    if (!ctx.channel().equals(heir.get())) {
                        refuse(ctx, "the folder comes first");
                        return;
                    }
                    served = true;
                    incumbent.stepDown();
                    // The file goes with the socket, and the successor will make one of that name.
                    closeDoor();
                    say(ctx, Lines.DONE);
                    incumbent.end();
                }
                default -> refuse(ctx, "no such step: " + words[1]);
            }
        }

        private @Nullable FileDescriptor socket(String name, String address) {
            return switch (name.toUpperCase(Locale.ROOT)) {
                case "HTTP" -> incumbent.socket(Listener.HTTP, address);
                case "HTTPS" -> incumbent.socket(Listener.HTTPS, address);
                case "ADMIN" -> incumbent.socket(Listener.ADMIN, address);
                case "HEALTH" -> incumbent.socket(Listener.HEALTH, address);
                default -> null; // a port that only the successor knows
            };
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            steps.execute(() -> {
                if (ctx.channel().equals(heir.get()) && !served) {
                    LOG.warn("the new process ended before it served: this one goes on");
                    incumbent.takeFolderBack();
                    heir.set(null);
                }
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            var _ = ctx.close();
        }

        private void say(ChannelHandlerContext ctx, String line) {
            var _ = ctx.writeAndFlush(line + "\n");
        }

        private void refuse(ChannelHandlerContext ctx, String reason) {
            var _ = ctx.writeAndFlush(Lines.NO + reason + "\n").addListener(ChannelFutureListener.CLOSE);
        }
    }
}
