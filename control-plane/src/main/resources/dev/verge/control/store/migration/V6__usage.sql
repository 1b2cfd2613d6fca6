-- Portable SQL, as in the first step.

-- What sites and versions of functions used, by minute (minutes since 1970 UTC). kind: site or function; version: 0 for a site.
-- took_N: requests or runs by how long they took, in buckets that double from 100 microseconds on.
CREATE TABLE usage_minute (
    account VARCHAR(63) NOT NULL,
    kind VARCHAR(10) NOT NULL,
    name VARCHAR(63) NOT NULL,
    version INTEGER NOT NULL,
    minute BIGINT NOT NULL,
    status_0 BIGINT NOT NULL DEFAULT 0,
    status_1xx BIGINT NOT NULL DEFAULT 0,
    status_2xx BIGINT NOT NULL DEFAULT 0,
    status_3xx BIGINT NOT NULL DEFAULT 0,
    status_4xx BIGINT NOT NULL DEFAULT 0,
    status_5xx BIGINT NOT NULL DEFAULT 0,
    hits BIGINT NOT NULL DEFAULT 0,
    misses BIGINT NOT NULL DEFAULT 0,
    run_ok BIGINT NOT NULL DEFAULT 0,
    run_threw BIGINT NOT NULL DEFAULT 0,
    run_over_cpu BIGINT NOT NULL DEFAULT 0,
    run_over_memory BIGINT NOT NULL DEFAULT 0,
    run_over_wall BIGINT NOT NULL DEFAULT 0,
    run_over_subrequests BIGINT NOT NULL DEFAULT 0,
    run_bad_response BIGINT NOT NULL DEFAULT 0,
    run_cancelled BIGINT NOT NULL DEFAULT 0,
    run_killed BIGINT NOT NULL DEFAULT 0,
    cpu_micros BIGINT NOT NULL DEFAULT 0,
    wall_micros BIGINT NOT NULL DEFAULT 0,
    mebibyte_millis BIGINT NOT NULL DEFAULT 0,
    subrequests BIGINT NOT NULL DEFAULT 0,
    cold_starts BIGINT NOT NULL DEFAULT 0,
    bytes_in BIGINT NOT NULL DEFAULT 0,
    bytes_out BIGINT NOT NULL DEFAULT 0,
    took_0 BIGINT NOT NULL DEFAULT 0,
    took_1 BIGINT NOT NULL DEFAULT 0,
    took_2 BIGINT NOT NULL DEFAULT 0,
    took_3 BIGINT NOT NULL DEFAULT 0,
    took_4 BIGINT NOT NULL DEFAULT 0,
    took_5 BIGINT NOT NULL DEFAULT 0,
    took_6 BIGINT NOT NULL DEFAULT 0,
    took_7 BIGINT NOT NULL DEFAULT 0,
    took_8 BIGINT NOT NULL DEFAULT 0,
    took_9 BIGINT NOT NULL DEFAULT 0,
    took_10 BIGINT NOT NULL DEFAULT 0,
    took_11 BIGINT NOT NULL DEFAULT 0,
    took_12 BIGINT NOT NULL DEFAULT 0,
    took_13 BIGINT NOT NULL DEFAULT 0,
    took_14 BIGINT NOT NULL DEFAULT 0,
    took_15 BIGINT NOT NULL DEFAULT 0,
    took_16 BIGINT NOT NULL DEFAULT 0,
    took_17 BIGINT NOT NULL DEFAULT 0,
    took_18 BIGINT NOT NULL DEFAULT 0,
    took_19 BIGINT NOT NULL DEFAULT 0,
    took_20 BIGINT NOT NULL DEFAULT 0,
    took_21 BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (account, kind, name, version, minute)
);
CREATE INDEX usage_minute_minute ON usage_minute (minute);

-- Runs of nodes' processes, and up to where the intervals of each are in usage_minute. closed: its last interval has come.
CREATE TABLE usage_run (
    node VARCHAR(128) NOT NULL,
    boot VARCHAR(64) NOT NULL,
    sequence BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    closed INTEGER NOT NULL,
    PRIMARY KEY (node, boot)
);
CREATE INDEX usage_run_taken ON usage_run (taken_at);

-- What is missing from usage_minute, as far as that is known. reason: killed or dropped; intervals: how many never came, 0 when that
-- is not known.
CREATE TABLE usage_gap (
    node VARCHAR(128) NOT NULL,
    boot VARCHAR(64) NOT NULL,
    reason VARCHAR(10) NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    intervals BIGINT NOT NULL,
    PRIMARY KEY (node, boot, reason, from_at)
);
CREATE INDEX usage_gap_to ON usage_gap (to_at);

-- The last staged or watched deployment of a function. shares: what it gives the traffic to; before: what had it; node_groups: where it
-- is first; state: staged, watching, done, aborted, rolled-back or superseded.
CREATE TABLE function_rollout (
    account VARCHAR(63) NOT NULL,
    function VARCHAR(63) NOT NULL,
    state VARCHAR(20) NOT NULL,
    shares TEXT NOT NULL,
    before TEXT NOT NULL,
    node_groups TEXT NOT NULL,
    continue_at BIGINT,
    rollback_on TEXT,
    reason TEXT,
    revision BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    stage_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (account, function),
    FOREIGN KEY (account, function) REFERENCES function (account, name)
);

-- Runs of versions that are watched, by second of their arrival (seconds since 1970 UTC).
CREATE TABLE rollout_count (
    account VARCHAR(63) NOT NULL,
    function VARCHAR(63) NOT NULL,
    version INTEGER NOT NULL,
    second BIGINT NOT NULL,
    runs BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    PRIMARY KEY (account, function, version, second)
);
CREATE INDEX rollout_count_second ON rollout_count (second);
