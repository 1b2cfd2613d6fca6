package dev.verge.node.server;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Keeps connections of which nobody wants to know anything at the moment in the system's watch list. Netty (4.2.13 to at least 4.2.20) takes
 * them out and still believes them in, so that the next wish fails: a connection that is paused while its peer has ended its side could
 * neither be read on nor written to, and what waited there was lost. Edge-triggered, a wish for nothing wakes nobody twice.
 */
final class EpollWatch implements IoHandlerFactory {
    private final IoHandlerFactory epoll;

    EpollWatch(IoHandlerFactory epoll) {
        this.epoll = epoll;
    }

    @Override
    public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new Watching(epoll.newHandler(executor));
    }

    @Override
    public boolean isChangingThreadSupported() {
        return epoll.isChangingThreadSupported();
    }

    private record Watching(IoHandler epoll) implements IoHandler {
        @Override
        public void initialize() {
            epoll.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            return epoll.run(context);
        }

        @Override
        public void prepareToDestroy() {
            epoll.prepareToDestroy();
        }

        @Override
        public void destroy() {
            epoll.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return new Kept(epoll.register(handle));
        }

        @Override
        public void wakeup() {
            epoll.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handle) {
            return epoll.isCompatible(handle);
        }
    }

    /** Used by the event loop of its connection alone, but for the first questions. */
    private static final class Kept implements IoRegistration {
        private final IoRegistration registration;
        private volatile boolean watched;

        Kept(IoRegistration registration) {
            this.registration = registration;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // the interface's own shape
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public long submit(IoOps wished) {
            boolean nothing = EpollIoOps.NONE.equals(wished);
            if (nothing && watched) {
                return registration.submit(EpollIoOps.EPOLLET);
            }
            watched |= !nothing;
            return registration.submit(wished);
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }
}
