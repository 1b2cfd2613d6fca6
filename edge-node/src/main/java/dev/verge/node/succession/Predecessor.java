package dev.verge.node.succession;

import dev.verge.node.server.Listener;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The node that runs, from the process that takes over. Every method blocks. */
public final class Predecessor implements AutoCloseable {
    private final Path file;
    private final SocketChannel conversation;
    private final BufferedReader answers;

    private Predecessor(Path file, SocketChannel conversation) {
        this.file = file;
        this.conversation = conversation;
        this.answers = new BufferedReader(Channels.newReader(conversation, StandardCharsets.UTF_8));
    }

    /** It does not let itself be succeeded. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }
    }

    /**
     * Meets the node that runs.
     *
     * @param file the socket in the data folder
     * @return empty when none runs, or it waits for nobody
     */
    public static Optional<Predecessor> meet(Path file) {
        if (!Epoll.isAvailable() || !Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Predecessor(file, SocketChannel.open(UnixDomainSocketAddress.of(file))));
        } catch (IOException nobodyThere) {
            return Optional.empty();
        }
    }

    /**
     * The sockets that it listens on.
     *
     * @param wanted ports of this process and their addresses, as they stand in the settings
     * @return those of the same name and address, now in this process too
     */
    public Map<Listener, FileDescriptor> sockets(Map<Listener, String> wanted) {
        Map<Listener, FileDescriptor> got = new EnumMap<>(Listener.class);
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            wanted.forEach((listener, address) ->
                    socket(loop, listener, address).ifPresent(socket -> got.put(listener, socket)));
            return got;
        } finally {
            var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private Optional<FileDescriptor> socket(EventLoopGroup loop, Listener listener, String address) {
        CompletableFuture<Optional<FileDescriptor>> answer = new CompletableFuture<>();
        Channel channel = new Bootstrap()
                .group(loop)
                .channel(EpollDomainSocketChannel.class)
                .option(EpollChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .handler(new SimpleChannelInboundHandler<FileDescriptor>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, FileDescriptor socket) {
                        answer.complete(Optional.of(socket));
                    }

                    @Override
                    public void channelInactive(ChannelHandlerContext ctx) {
                        answer.complete(Optional.empty());
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        var _ = ctx.close();
                    }
                })
                .connect(new DomainSocketAddress(file.toFile()))
                .syncUninterruptibly()
                .channel();
        String question = String.join(" ", Lines.PROTOCOL, Lines.SOCKET, listener.word(), address) + "\n";
        var _ = channel.writeAndFlush(Unpooled.copiedBuffer(question, StandardCharsets.UTF_8));
        try {
            return answer.orTimeout(Lines.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } finally {
            channel.close().syncUninterruptibly();
        }
    }

    /**
     * Asks for the data folder, which is free when this returns. From here on {@link #close} without {@link #serving} gives it back.
     *
     * @throws Refused when it keeps it
     */
    public void leaveFolder() {
        ask(Lines.LEAVE_FOLDER);
    }

    /** Says that this process accepts connections. The other one accepts none and reads no cache when this returns. */
    public void serving() {
        ask(Lines.SERVING);
    }

    private void ask(String step) {
        CompletableFuture<?> late = CompletableFuture.runAsync(
                this::close, CompletableFuture.delayedExecutor(Lines.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        try {
            ByteBuffer line = ByteBuffer.wrap((Lines.PROTOCOL + " " + step + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                conversation.write(line);
            }
            String answer = answers.readLine();
            if (answer == null) {
                throw new Refused("the node that runs has ended in the middle of the succession; start again");
            }
            if (!answer.equals(Lines.DONE)) {
                throw new Refused(answer.startsWith(Lines.NO) ? answer.substring(Lines.NO.length()) : answer);
            }
        } catch (IOException e) {
            throw new Refused("the node that runs does not answer (" + e + ")");
        } finally {
            late.cancel(false);
        }
    }

    @Override
    public void close() {
        try {
            conversation.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket does not close", e);
        }
    }
}
