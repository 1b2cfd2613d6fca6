package dev.verge.sync.nats;

import dev.verge.sync.client.Bulk;
import dev.verge.sync.core.SyncCore;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.ObjectStoreOptions;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.ObjectInfo;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the stream and the object store. A reading has a thread of its own, which waits when the node does not keep up. */
final class NatsBulk implements Bulk {
    private static final Logger LOG = LoggerFactory.getLogger(NatsBulk.class);

    /** Commits that were read and are not in force yet. */
    private static final int MAX_UNDER_WAY = 256;

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Context context;
    private final NatsLink link;
    private final Subjects subjects;
    private volatile @Nullable Reading reading;

    NatsBulk(Context context, NatsLink link, Subjects subjects) {
        this.context = context;
        this.link = link;
        this.subjects = subjects;
    }

    @Override
    public void read(String history, long after, Consumer<Item> to) {
        stop();
        int mark = history.indexOf(SyncCore.VIEW_MARK);
        Reading next = new Reading(mark < 0 ? history : history.substring(0, mark), after, to);
        reading = next;
        next.thread.start();
    }

    @Override
    public void stop() {
        Reading now = reading;
        reading = null;
        if (now != null) {
            now.thread.interrupt();
        }
    }

    /** One reading, until another one is asked for. */
    private final class Reading implements Runnable {
        private final String history;
        private final Consumer<Item> to;
        private final Semaphore room = new Semaphore(MAX_UNDER_WAY);
        private final Thread thread = Thread.ofVirtual().name("nats-read").unstarted(this);
        private long after;

        Reading(String history, long after, Consumer<Item> to) {
            this.history = history;
            this.after = after;
            this.to = to;
        }

        @Override
        public void run() {
            while (reading == this) {
                try {
                    follow(link.required());
                } catch (InterruptedException e) {
                    return;
                } catch (Exception e) {
                    LOG.debug("sync: the stream of {} cannot be read", subjects.prefix(), e);
                }
                try {
                    Thread.sleep(PAUSE);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        private void follow(Connection connection) throws Exception {
            ConsumerConfiguration.Builder from = ConsumerConfiguration.builder();
            try {
                from.deliverPolicy(DeliverPolicy.ByStartSequence)
                        .startSequence(sequence(
                                connection.jetStreamManagement().getLastMessage(subjects.stream(), subjects.log())));
            } catch (JetStreamApiException none) {
                if (none.getApiErrorCode() != NatsErrors.NO_MESSAGE) {
                    throw none;
                }
                from.deliverPolicy(DeliverPolicy.All);
            }
            // In order: a message that is missing makes the library read anew from there.
            JetStreamSubscription messages = connection
                    .jetStream()
                    .subscribe(
                            subjects.log(),
                            PushSubscribeOptions.builder().stream(subjects.stream())
                                    .ordered(true)
                                    .configuration(from.build())
                                    .build());
            try {
                while (reading == this) {
                    Message message = messages.nextMessage(LOOK);
                    if (message != null) {
                        take(message);
                    }
                }
            } finally {
                leave(messages);
            }
        }

        private static void leave(JetStreamSubscription messages) {
            try {
                messages.unsubscribe();
            } catch (IllegalStateException gone) {
                // The connection, and what it subscribed to with it, ended before.
            }
        }

        /** Where the commit after the last one lies: each revision has one message. */
        private long sequence(MessageInfo last) {
            Posted newest = Posted.read(last.getHeaders(), last.getData());
            return newest == null || !newest.history().equals(history)
                    ? Math.max(1, last.getSeq())
                    : Math.clamp(last.getSeq() - (newest.revision() - after - 1), 1, last.getSeq() + 1);
        }

        private void take(Message message) throws InterruptedException {
            Posted posted = Posted.read(message.getHeaders(), message.getData());
            if (posted == null || !posted.history().equals(history) || posted.revision() <= after) {
                return;
            }
            after = posted.revision();
            room.acquire();
            Item item = new Item(posted.revision(), posted.epoch(), posted.frame(), room::release);
            context.runOnContext(v -> {
                if (reading == this) {
                    to.accept(item);
                }
            });
        }
    }

    @Override
    public Future<Void> snapshot(String name, Path into, long maxBytes) {
        return object(name, into, maxBytes)
                .compose(there ->
                        there ? Future.succeededFuture() : Future.failedFuture("it is not in the object store"));
    }

    @Override
    public Future<Boolean> blob(String sha256, Path into, long maxBytes) {
        return object(sha256, into, maxBytes);
    }

    /**
     * Piece by piece, each asked for when the one before was written: the library's own way has the server send the whole object at once, and
     * hold it for every node that does not read as fast. What it is, its hash says to whoever asked for it.
     */
    private Future<Boolean> object(String name, Path into, long maxBytes) {
        return off(() -> {
            Connection connection = link.required();
            ObjectInfo info = connection
                    .objectStore(
                            subjects.bucket(),
                            ObjectStoreOptions.builder()
                                    .jsRequestTimeout(NatsLink.ANSWER)
                                    .build())
                    .getInfo(name);
            if (info == null || info.isDeleted()) {
                return false;
            }
            if (info.getSize() > maxBytes) {
                throw new IOException(
                        "an object of " + info.getSize() + " bytes, more than the " + maxBytes + " allowed");
            }
            JetStreamManagement streams = connection.jetStreamManagement(
                    JetStreamOptions.builder().requestTimeout(NatsLink.ANSWER).build());
            String pieces = subjects.pieces(String.valueOf(info.getNuid()));
            long sequence = 0;
            long left = info.getSize();
            try (OutputStream file = Files.newOutputStream(into)) {
                while (left > 0) {
                    MessageInfo piece = streams.getNextMessage(subjects.objects(), sequence + 1, pieces);
                    byte[] bytes = piece.getData();
                    if (bytes == null || bytes.length == 0 || bytes.length > left) {
                        throw new IOException(
                                "an object whose pieces are not those of its " + info.getSize() + " bytes");
                    }
                    file.write(bytes);
                    left -= bytes.length;
                    sequence = piece.getSeq();
                }
            }
            return true;
        });
    }

    private static <T> Future<T> off(Callable<T> work) {
        Promise<T> done = Promise.promise();
        Thread.ofVirtual().name("nats-object").start(() -> {
            try {
                done.complete(work.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return done.future();
    }
}
