package dev.verge.control.schedule;

import dev.verge.control.access.Secrets;
import dev.verge.control.resource.ScheduleRun;
import dev.verge.control.run.Dispatched;
import dev.verge.control.run.Dispatcher;
import dev.verge.control.store.Database;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires schedules, minute by minute. A run is claimed by a row of its function, schedule and minute before a node hears of it, so that
 * each minute of a schedule is run at most once however many control planes try; minutes that pass while none is there are not made up.
 */
public final class Scheduler implements AutoCloseable {
    /** The outcome of a run that a node has not answered yet. */
    static final String RUNNING = "running";

    /** The outcome of a run whose node fell silent. */
    static final String LOST = "lost";

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final Duration KEPT = Duration.ofDays(3);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Past the minute by a little, so that a clock that is read coarsely is past it too. */
    private static final long MARGIN_MILLIS = 5;

    private final Vertx vertx;
    private final Database database;
    private final Dispatcher dispatcher;
    private final InstantSource clock;
    private final String replica;
    private final Runnable eachMinute;
    private volatile long timer = -1;
    private volatile boolean closed;

    /**
     * A scheduler that has not started.
     *
     * @param replica identity of this control plane
     * @param eachMinute done every minute as well; may block
     */
    public Scheduler(
            Vertx vertx,
            Database database,
            Dispatcher dispatcher,
            InstantSource clock,
            String replica,
            Runnable eachMinute) {
        this.vertx = vertx;
        this.database = database;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.replica = replica;
        this.eachMinute = eachMinute;
    }

    /** Begins with the next minute. Runs that a control plane left open that is no more are closed as lost. */
    public void start() {
        database.write(session -> ScheduleTable.lost(session, clock.instant()));
        next();
    }

    private void next() {
        if (closed) {
            return;
        }
        Instant now = clock.instant();
        Instant minute = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        timer = vertx.setTimer(
                Duration.between(now, minute).toMillis() + MARGIN_MILLIS,
                id -> Thread.ofVirtual().name("schedules").start(this::fired));
    }

    private void fired() {
        next();
        try {
            tick(clock.instant());
            eachMinute.run();
        } catch (RuntimeException e) {
            LOG.error("the schedules of this minute could not be run", e);
        }
    }

    /** Runs what is due in the minute of {@code now} and was not claimed before; returns when all of it has ended. */
    public void tick(Instant now) {
        Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
        List<ScheduleTable.Scheduled> due = database.read(ScheduleTable::all).stream()
                .filter(schedule ->
                        Cron.parse(schedule.cron(), "") instanceof Bound.Valid<Cron>(Cron cron) && cron.matches(minute))
                .toList();
        database.write(session -> ScheduleTable.forget(session, minute.minus(KEPT)));
        if (due.isEmpty()) {
            return;
        }
        List<ScheduleTable.Scheduled> claimed = database.write(session -> {
            List<ScheduleTable.Scheduled> mine = new ArrayList<>();
            for (ScheduleTable.Scheduled schedule : due) {
                if (ScheduleTable.claim(session, schedule, minute, replica)) {
                    mine.add(schedule);
                }
            }
            return mine;
        });
        CountDownLatch ended = new CountDownLatch(claimed.size());
        for (ScheduleTable.Scheduled schedule : claimed) {
            Thread.ofVirtual().name("schedule").start(() -> {
                try {
                    run(schedule, minute);
                } catch (RuntimeException e) {
                    LOG.error("the run of {} at {} could not be recorded", schedule, minute, e);
                } finally {
                    ended.countDown();
                }
            });
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a function's scheduled handler now, as if {@code cron} were due. */
    ScheduleRun now(ScheduleTable.Scheduled schedule) {
        Instant due = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        database.write(session -> ScheduleTable.claim(session, schedule, due, replica));
        return run(schedule, due);
    }

    private ScheduleRun run(ScheduleTable.Scheduled schedule, Instant due) {
        Order order = Order.scheduled(
                Secrets.id(), schedule.account(), schedule.function(), schedule.cron(), due.toEpochMilli());
        Dispatched dispatched = dispatcher.give(order, schedule.revision(), PATIENCE);
        Instant end = clock.instant();
        ScheduleRun run = switch (dispatched) {
            case Dispatched.Ran(String node, OrderResult result) ->
                new ScheduleRun(schedule.cron(), due, node, result.outcome(), result.version(), null, end);
            case Dispatched.NotRun(String reason) ->
                new ScheduleRun(schedule.cron(), due, null, OrderResult.NOT_RUN, null, reason, end);
            case Dispatched.Lost(String node, String reason) ->
                new ScheduleRun(schedule.cron(), due, node, LOST, null, reason, end);
        };
        database.write(session -> {
            ScheduleTable.ended(session, schedule, run);
            return true;
        });
        return run;
    }

    @Override
    public void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }
}
