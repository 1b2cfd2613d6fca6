package dev.verge.sync.nats;

import dev.verge.sync.log.Entry;
import dev.verge.sync.log.Keys;
import dev.verge.sync.server.LogSource;
import dev.verge.sync.server.Registration;
import dev.verge.sync.trust.SignedCommit;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PublishOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the log on the stream: each revision once, in order. The log's own table is the outbox, and the stream's last message says how
 * far it got, so a crash at any instant neither loses nor doubles anything. Among several control planes the one that published last goes
 * on; another takes over when the stream stays behind for {@link #PATIENCE}. Each message names the sequence of the one before it, which
 * JetStream compares: of two that publish at a time one is refused, and looks anew. Thread-safe.
 */
final class LogPublisher implements AutoCloseable {
    /** How long the stream may stay behind before another control plane publishes. */
    static final Duration PATIENCE = Duration.ofMillis(250);

    /** Commits that a new stream begins with, for nodes that come again. */
    private static final int FIRST = 1_024;

    private static final int BATCH = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Logger LOG = LoggerFactory.getLogger(LogPublisher.class);

    private final NatsLink link;
    private final Subjects subjects;
    private final StreamSettings settings;
    private final LogSource source;
    private final Function<String, Future<Void>> objects;
    private final String id;
    private final Registration registration;
    private final AtomicLong head = new AtomicLong();
    private final AtomicLong published = new AtomicLong();
    private final LongAdder messages = new LongAdder();
    private final LongAdder breaks = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;

    /** Where the stream ends. */
    private record End(long sequence, long revision, boolean own) {}

    /**
     * Publishes as long as NATS is connected.
     *
     * @param objects has the blob of a hash lie in the object store
     */
    LogPublisher(
            NatsLink link,
            Subjects subjects,
            StreamSettings settings,
            LogSource source,
            Function<String, Future<Void>> objects,
            String id) {
        this.link = link;
        this.subjects = subjects;
        this.settings = settings;
        this.source = source;
        this.objects = objects;
        this.id = id;
        this.registration = source.onCommit(this::committed);
        this.thread = Thread.ofVirtual().name("nats-publish").start(this::run);
    }

    /** Last revision that is known to lie on the stream. */
    long published() {
        return published.get();
    }

    /** Commits that were put on the stream here. */
    long messages() {
        return messages.sum();
    }

    /** How often publishing broke off although NATS is connected. */
    long breaks() {
        return breaks.sum();
    }

    private void committed(long newHead) {
        head.accumulateAndGet(newHead, Math::max);
        wake();
    }

    /** There may be something to do. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!Thread.interrupted()) {
                try {
                    follow(link.required());
                } catch (JetStreamApiException
                        | IOException
                        | ExecutionException
                        | TimeoutException
                        | IllegalStateException e) {
                    broke();
                    LOG.debug("sync: the log cannot be published now", e);
                } catch (RuntimeException e) {
                    broke();
                    LOG.warn("sync: the log could not be published; it is tried again", e);
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void broke() {
        if (link.standing() != null) {
            breaks.increment();
        }
    }

    /** Publishes what comes, until something goes wrong. */
    private void follow(Connection connection)
            throws JetStreamApiException, IOException, InterruptedException, ExecutionException, TimeoutException {
        JetStreamManagement jsm = connection.jetStreamManagement();
        ensure(jsm);
        committed(await(source.head()));
        End end = end(jsm);
        while (true) {
            awaitMore(end.revision());
            if (!end.own()) {
                // Whoever published last goes on; if it does not, it is time to do it here.
                Thread.sleep(PATIENCE);
                end = end(jsm);
                if (end.revision() >= head.get()) {
                    continue;
                }
            }
            end = publish(connection, end);
        }
    }

    private void awaitMore(long after) throws InterruptedException {
        lock.lock();
        try {
            while (head.get() <= after) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private End publish(Connection connection, End end)
            throws JetStreamApiException, IOException, InterruptedException, ExecutionException, TimeoutException {
        LogSource.Tail tail = await(source.readSince(end.revision(), BATCH));
        if (!(tail instanceof LogSource.Commits(List<SignedCommit> commits, var key))) {
            LOG.info("sync: the log was compacted past what the stream holds: it begins anew");
            connection.jetStreamManagement().purgeStream(subjects.stream());
            return new End(end.sequence(), head.get(), true);
        }
        for (SignedCommit commit : commits) {
            bringCode(commit);
        }
        JetStream stream = connection.jetStream();
        PublishOptions options = PublishOptions.builder().streamTimeout(TIMEOUT).build();
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>(commits.size());
        long sequence = end.sequence();
        for (SignedCommit commit : commits) {
            Posted posted = Posted.of(source.history(), commit, key, id, connection.getMaxPayload());
            acks.add(stream.publishAsync(posted.message(subjects.log(), sequence), options));
            sequence++;
        }
        long revision = end.revision();
        long expected = end.sequence();
        for (CompletableFuture<PublishAck> each : acks) {
            PublishAck ack = each.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            expected++;
            if (ack.isDuplicate() || ack.getSeqno() != expected) {
                throw new IOException("another control plane publishes");
            }
            published.set(++revision);
            messages.increment();
        }
        return new End(expected, revision, true);
    }

    /**
     * Code lies in the object store before the commit that names it is out: else every node would look for it in vain first, and then ask. One
     * that cannot be brought now is asked for, as long values of keys are, which are not waited for.
     */
    private void bringCode(SignedCommit commit) throws InterruptedException {
        for (SignedCommit.Part part : commit.parts()) {
            for (String sha256 : code(part)) {
                try {
                    var _ = await(objects.apply(sha256));
                } catch (IOException e) {
                    LOG.debug("sync: code {} does not lie in the object store yet", sha256, e);
                }
            }
        }
    }

    /** The blobs that a part names, if it is a function's. One that cannot be read is for the nodes to refuse. */
    private static Set<String> code(SignedCommit.Part part) {
        String value = part.value();
        if (value == null || !part.key().startsWith(Keys.FUNCTION_PREFIX)) {
            return Set.of();
        }
        try {
            return Entry.decode(part.key(), value).blobs();
        } catch (IllegalArgumentException unreadable) {
            return Set.of();
        }
    }

    private void ensure(JetStreamManagement jsm) throws IOException, JetStreamApiException {
        StreamConfiguration wanted = StreamConfiguration.builder()
                .name(subjects.stream())
                .subjects(subjects.log())
                .storageType(StorageType.File)
                .replicas(settings.replicas())
                .maxAge(settings.maxAge())
                .maxBytes(settings.maxBytes())
                .discardPolicy(DiscardPolicy.Old)
                .allowDirect(true)
                .build();
        try {
            jsm.updateStream(wanted);
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NatsErrors.NO_STREAM) {
                throw e;
            }
            jsm.addStream(wanted);
        }
    }

    /** How far the stream goes. One that is of another log, or has no sound end, begins anew. */
    private End end(JetStreamManagement jsm) throws IOException, JetStreamApiException, InterruptedException {
        MessageInfo last;
        try {
            last = jsm.getLastMessage(subjects.stream(), subjects.log());
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NatsErrors.NO_MESSAGE) {
                throw e;
            }
            return beginning(jsm);
        }
        Posted newest = Posted.read(last.getHeaders(), last.getData());
        if (newest == null
                || !newest.history().equals(source.history())
                || newest.revision() > Math.max(head.get(), await(source.head()))) {
            LOG.warn("sync: the stream {} holds another log: it begins anew", subjects.stream());
            jsm.purgeStream(subjects.stream());
            return beginning(jsm);
        }
        published.set(newest.revision());
        return new End(last.getSeq(), newest.revision(), newest.publisher().equals(id));
    }

    private End beginning(JetStreamManagement jsm) throws IOException, JetStreamApiException, InterruptedException {
        long from = Math.max(0, head.get() - FIRST);
        if (await(source.readSince(from, 1)) instanceof LogSource.Compacted) {
            from = head.get();
        }
        long sequence = jsm.getStreamInfo(subjects.stream()).getStreamState().getLastSequence();
        return new End(sequence, from, false);
    }

    private static <T> T await(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the log cannot be read", e);
        }
    }

    @Override
    public void close() {
        registration.close();
        thread.interrupt();
    }
}
