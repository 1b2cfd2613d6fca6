-- Portable SQL, as in the first step.

-- Keys of the log hold a function's kv keys, which may be long; the column is widened by a copy, since not every database
-- widens in place.
CREATE TABLE log_wide (
    revision BIGINT NOT NULL,
    position INTEGER NOT NULL,
    log_key VARCHAR(2048) NOT NULL,
    value TEXT,
    superseded INTEGER NOT NULL,
    PRIMARY KEY (revision, position)
);
INSERT INTO log_wide (revision, position, log_key, value, superseded)
    SELECT revision, position, log_key, value, superseded FROM log;
DROP TABLE log;
ALTER TABLE log_wide RENAME TO log;
CREATE INDEX log_newest ON log (log_key) WHERE superseded = 0;

-- Which keys there are. The value is the newest row of the log's key.
CREATE TABLE kv (
    account VARCHAR(63) NOT NULL REFERENCES account (name),
    namespace VARCHAR(63) NOT NULL,
    kv_key VARCHAR(512) NOT NULL,
    size_bytes BIGINT NOT NULL,
    metadata VARCHAR(1024),
    expires_at BIGINT,
    revision BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (account, namespace, kv_key)
);
CREATE INDEX kv_expires ON kv (expires_at) WHERE expires_at IS NOT NULL;

-- What an account's keys sum up to, kept with each change.
CREATE TABLE kv_usage (
    account VARCHAR(63) PRIMARY KEY REFERENCES account (name),
    keys BIGINT NOT NULL,
    bytes BIGINT NOT NULL
);

-- sealed: the value, encrypted under the installation's key.
CREATE TABLE function_secret (
    account VARCHAR(63) NOT NULL,
    function VARCHAR(63) NOT NULL,
    name VARCHAR(64) NOT NULL,
    sealed TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by VARCHAR(63) NOT NULL,
    PRIMARY KEY (account, function, name),
    FOREIGN KEY (account, function) REFERENCES function (account, name)
);

-- Single values of the installation.
CREATE TABLE setting (
    name VARCHAR(40) PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE function_schedule (
    account VARCHAR(63) NOT NULL,
    function VARCHAR(63) NOT NULL,
    position INTEGER NOT NULL,
    cron VARCHAR(200) NOT NULL,
    PRIMARY KEY (account, function, position),
    FOREIGN KEY (account, function) REFERENCES function (account, name)
);

-- A run is claimed by its row, before a node hears of it: no minute of a schedule is run twice, whoever tries.
CREATE TABLE schedule_run (
    account VARCHAR(63) NOT NULL,
    function VARCHAR(63) NOT NULL,
    cron VARCHAR(200) NOT NULL,
    due_at BIGINT NOT NULL,
    node VARCHAR(128),
    outcome VARCHAR(40) NOT NULL,
    version INTEGER,
    detail VARCHAR(500),
    ended_at BIGINT,
    PRIMARY KEY (account, function, cron, due_at)
);
CREATE INDEX schedule_run_due ON schedule_run (due_at);
