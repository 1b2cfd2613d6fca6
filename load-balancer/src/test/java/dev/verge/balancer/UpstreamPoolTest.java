package dev.verge.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.verge.balancer.options.Affinity;
import dev.verge.balancer.options.BalancingMethod;
import dev.verge.balancer.options.HashSource;
import dev.verge.balancer.options.Limits;
import dev.verge.balancer.options.Outlier;
import dev.verge.balancer.options.SamplePools;
import dev.verge.balancer.retry.RetryDecision;
import dev.verge.balancer.retry.TryResult;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A pool as the node uses it: leases, limits, ejection and return, affinity, slow start. */
class UpstreamPoolTest extends PoolsByHand {
    @Test
    void leaseCountsUntilItIsClosedAndOnlyOnce() {
        UpstreamPool pool = pool(new SamplePools().primary(A));
        Lease lease = pick(pool);
        assertThat(pool.status().requests()).isEqualTo(1);
        assertThat(pool.status().pending()).isEqualTo(1);
        assertThat(gauge("verge.origin.active", A)).isEqualTo(1);
        lease.connected();
        lease.connected();
        assertThat(pool.status().pending()).isZero();
        lease.responded(200);
        lease.close();
        lease.close();
        lease.failed(TryFailure.BODY_CUT);
        assertThat(pool.status().requests()).isZero();
        assertThat(pool.status().pending()).isZero();
        assertThat(gauge("verge.origin.active", A)).isZero();
        assertThat(tries(A, "2xx")).isEqualTo(1);
        assertThat(tries(A, "body-cut")).isZero();
    }

    @Test
    void leaseThatNeverConnectedGivesItsPlaceInTheQueueBack() {
        UpstreamPool pool = pool(new SamplePools().primary(A));
        pick(pool).close();
        assertThat(pool.status().pending()).isZero();
        assertThat(tries(A, "cancelled")).isEqualTo(1);
    }

    @Test
    void limitsRefuseTheNextAndReserveNothing() {
        UpstreamPool pool = pool(new SamplePools().primary(A).limits(new Limits(10, 2, 3)));
        Lease one = pick(pool);
        Lease two = pick(pool);
        assertThat(choose(pool)).isEqualTo(new Choice.Overloaded(Choice.Limit.MAX_PENDING));
        one.connected();
        Lease three = pick(pool);
        assertThat(choose(pool)).isEqualTo(new Choice.Overloaded(Choice.Limit.MAX_REQUESTS));
        assertThat(pool.status().requests()).isEqualTo(3);
        two.close();
        assertThat(choose(pool)).isInstanceOf(Choice.Picked.class);
        List.of(one, three).forEach(Lease::close);
    }

    @Test
    void eachLimitThatHoldsSomethingBackIsCounted() {
        UpstreamPool pool = pool(new SamplePools().primary(A).limits(new Limits(10, 1, 2)));
        Lease first = pick(pool);
        assertThat(choose(pool)).isEqualTo(new Choice.Overloaded(Choice.Limit.MAX_PENDING));
        first.connected();
        Lease second = pick(pool);
        assertThat(choose(pool)).isEqualTo(new Choice.Overloaded(Choice.Limit.MAX_REQUESTS));
        second.noConnection();
        assertThat(limited("max-pending")).isEqualTo(1);
        assertThat(limited("max-requests")).isEqualTo(1);
        assertThat(limited("max-connections")).isEqualTo(1);
        first.close();
        second.close();
    }

    private double limited(String limit) {
        return registry.get("verge.pool.limited").tag("limit", limit).counter().count();
    }

    @Test
    void anOriginThatAnswersTooFewWellIsEjectedAtTheEndOfTheInterval() {
        Outlier outlier = new Outlier(
                0, 0, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(300), 50, 80, 0, 10);
        UpstreamPool pool = pool(new SamplePools().primary(A).primary(B).outlier(outlier));
        for (int i = 0; i < 20; i++) {
            Lease bad = pickOf(pool, A);
            bad.responded(i % 2 == 0 ? 500 : 200);
            bad.close();
            Lease good = pickOf(pool, B);
            good.responded(200);
            good.close();
        }
        assertThat(urls(pool, 50)).containsExactlyInAnyOrder(A, B);
        clock.advance(Duration.ofSeconds(11));
        succeed(pool);
        assertThat(urls(pool, 50)).containsExactly(B);
        clock.advance(Duration.ofSeconds(31));
        assertThat(urls(pool, 50)).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void ejectedOriginRestsAndComesBackByItself() {
        UpstreamPool pool = pool(new SamplePools().primary(A).primary(B));
        fail(pool, A, TryFailure.TIMEOUT, 5);
        assertThat(gauge("verge.origin.ejected", A)).isEqualTo(1);
        assertThat(gauge("verge.origin.usable", A)).isZero();
        for (int i = 0; i < 100; i++) {
            assertThat(succeed(pool)).isEqualTo(B);
        }
        clock.advance(Duration.ofSeconds(30));
        assertThat(gauge("verge.origin.usable", A)).isEqualTo(1);
        assertThat(urls(pool, 100)).contains(A, B);
    }

    @Test
    void goodAnswerEndsARowOfFailuresOnceItsBodyArrived() {
        UpstreamPool pool = pool(new SamplePools().primary(A).primary(B));
        fail(pool, A, TryFailure.TIMEOUT, 4);
        Lease cut = pickOf(pool, A);
        cut.responded(200);
        cut.failed(TryFailure.BODY_CUT);
        cut.close();
        assertThat(gauge("verge.origin.ejected", A)).isEqualTo(1);
        fail(pool, B, TryFailure.TIMEOUT, 4);
        Lease good = pickOf(pool, B);
        good.responded(200);
        good.close();
        fail(pool, B, TryFailure.TIMEOUT, 4);
        assertThat(gauge("verge.origin.ejected", B)).isZero();
    }

    @Test
    void cancelledTriesBlameNobody() {
        UpstreamPool pool = pool(new SamplePools().primary(A).primary(B));
        for (int i = 0; i < 50; i++) {
            pick(pool).close();
        }
        assertThat(pool.status().origins()).allMatch(PoolStatus.OriginStatus::usable);
    }

    @Test
    void backupsServeOnlyWithoutUsablePrimary() {
        UpstreamPool pool = pool(new SamplePools().primary(A).backup(B));
        assertThat(urls(pool, 50)).containsExactly(A);
        fail(pool, A, TryFailure.REFUSED, 5);
        assertThat(urls(pool, 50)).containsExactly(B);
        clock.advance(Duration.ofSeconds(30));
        assertThat(urls(pool, 50)).containsExactly(A);
    }

    @Test
    void aRequestMovesOnToEachUntriedOriginAndThenStops() {
        UpstreamPool pool = pool(new SamplePools().primary(A).primary(B).primary(C));
        try (UpstreamCall call = open(pool)) {
            Set<String> tried = new HashSet<>();
            String last = "";
            for (int i = 0; i < 3; i++) {
                Lease lease = ((Choice.Picked) call.next(Client.PLAIN)).lease();
                last = lease.endpoint().origin().url();
                tried.add(last);
                lease.failed(TryFailure.REFUSED);
                lease.close();
                RetryDecision decision = call.afterFailure("POST", false, true, new TryResult.ConnectFailed());
                if (i < 2) {
                    assertThat(decision).isEqualTo(new RetryDecision.MoveOn());
                } else {
                    assertThat(decision)
                            .isInstanceOfSatisfying(
                                    RetryDecision.TryAgain.class,
                                    again -> assertThat(again.target()).isEqualTo(RetryDecision.Target.ANY));
                }
            }
            assertThat(tried).containsExactlyInAnyOrder(A, B, C);
            Lease again = ((Choice.Picked) call.next(Client.PLAIN)).lease();
            assertThat(again.endpoint().origin().url()).isNotEqualTo(last);
            again.failed(TryFailure.REFUSED);
            again.close();
            assertThat(call.afterFailure("POST", false, true, new TryResult.ConnectFailed()))
                    .isEqualTo(new RetryDecision.Stop(RetryDecision.Reason.ATTEMPTS_USED));
        }
    }

    @Test
    void aSecondRoundDoesNotBeginWithTheOriginThatJustFailed() {
        UpstreamPool pool = pool(new SamplePools().primary(A).primary(B).primary(C));
        for (int round = 0; round < 30; round++) {
            try (UpstreamCall call = open(pool)) {
                String last = "";
                for (int i = 0; i < 3; i++) {
                    Lease lease = ((Choice.Picked) call.next(Client.PLAIN)).lease();
                    last = lease.endpoint().origin().url();
                    lease.close();
                    call.afterFailure("GET", false, true, new TryResult.ConnectFailed());
                }
                Lease again = ((Choice.Picked) call.next(Client.PLAIN)).lease();
                again.close();
                assertThat(again.endpoint().origin().url()).isNotEqualTo(last);
            }
            clock.advance(Duration.ofSeconds(11));
        }
    }

    @Test
    void countedRetriesStayWithinTheBudgetOfThePool() {
        UpstreamPool pool = pool(new SamplePools().primary(A).primary(B));
        int retried = 0;
        for (int i = 0; i < 10; i++) {
            try (UpstreamCall call = open(pool)) {
                Lease lease = ((Choice.Picked) call.next(Client.PLAIN)).lease();
                lease.close();
                if (call.afterFailure("GET", true, true, new TryResult.Status(503)) instanceof RetryDecision.TryAgain) {
                    retried++;
                }
            }
        }
        assertThat(retried).isEqualTo(3);
    }

    @Test
    void totalTimeRunsOverAllTries() {
        UpstreamPool pool = pool(new SamplePools().primary(A).primary(B));
        try (UpstreamCall call = open(pool)) {
            clock.advance(Duration.ofSeconds(59));
            assertThat(call.remaining()).isEqualTo(Duration.ofSeconds(1));
            clock.advance(Duration.ofSeconds(1));
            assertThat(call.afterFailure("GET", true, true, new TryResult.TimedOut()))
                    .isEqualTo(new RetryDecision.Stop(RetryDecision.Reason.OUT_OF_TIME));
        }
    }

    @Test
    void affinityKeepsAClientAtItsOriginAndMovesItWhenThatRests() {
        UpstreamPool pool =
                pool(new SamplePools().primary(A).primary(B).affinity(new Affinity("verge_lb", Duration.ofHours(1))));
        Choice.Picked first = (Choice.Picked) choose(pool);
        first.lease().close();
        String url = first.lease().endpoint().origin().url();
        assertThat(first.setCookie())
                .matches("verge_lb=[0-9a-f]{16}; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax")
                .doesNotContain("10.0.0");
        Client client = Client.withCookie("verge_lb", first.lease().endpoint().id());
        for (int i = 0; i < 20; i++) {
            Choice.Picked again = choose(pool, client);
            again.lease().close();
            assertThat(again.lease().endpoint().origin().url()).isEqualTo(url);
            assertThat(again.setCookie()).isNull();
        }
        fail(pool, url, TryFailure.REFUSED, 5);
        Choice.Picked moved = choose(pool, client);
        moved.lease().close();
        assertThat(moved.lease().endpoint().origin().url()).isNotEqualTo(url);
        assertThat(moved.setCookie()).contains(moved.lease().endpoint().id());
        Choice.Picked unknown = choose(pool, Client.withCookie("verge_lb", "nonsense"));
        unknown.lease().close();
        assertThat(unknown.setCookie()).isNotNull();
    }

    @Test
    void hashLooksAtWhatHashOnNames() {
        UpstreamPool pool = pool(new SamplePools()
                .method(BalancingMethod.CONSISTENT_HASH)
                .hashOn(HashSource.parse("header:X-Shard"))
                .primary(A)
                .primary(B)
                .primary(C));
        Set<String> all = new HashSet<>();
        for (int shard = 0; shard < 30; shard++) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 5; i++) {
                Client client = new Client("/" + i, "192.0.2." + i, Map.of("X-Shard", "s" + shard), Map.of());
                Choice.Picked picked = choose(pool, client);
                picked.lease().close();
                seen.add(picked.lease().endpoint().origin().url());
            }
            assertThat(seen).hasSize(1);
            all.addAll(seen);
        }
        assertThat(all).containsExactlyInAnyOrder(A, B, C);
    }

    @Test
    void slowStartGivesAReturningOriginAGrowingShare() {
        UpstreamPool pool = pool(new SamplePools()
                .method(BalancingMethod.ROUND_ROBIN)
                .primary(A)
                .primary(B)
                .slowStart(Duration.ofSeconds(100)));
        assertThat(share(pool, A)).isCloseTo(0.5, within(0.01));
        fail(pool, A, TryFailure.REFUSED, 5);
        clock.advance(Duration.ofSeconds(30));
        assertThat(share(pool, A)).isCloseTo(0.05 / 1.05, within(0.01));
        clock.advance(Duration.ofSeconds(50));
        assertThat(share(pool, A)).isCloseTo(0.5 / 1.5, within(0.01));
        clock.advance(Duration.ofSeconds(50));
        assertThat(share(pool, A)).isCloseTo(0.5, within(0.01));
    }
}
