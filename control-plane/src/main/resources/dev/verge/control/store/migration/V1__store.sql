-- Portable SQL: runs unchanged on SQLite and PostgreSQL. Times are milliseconds since 1970 UTC, flags 0 or 1,
-- hashes lower-case hex.

CREATE TABLE account (
    name VARCHAR(63) PRIMARY KEY,
    created_at BIGINT NOT NULL
);

CREATE TABLE token (
    id VARCHAR(32) PRIMARY KEY,
    account VARCHAR(63) NOT NULL REFERENCES account (name),
    name VARCHAR(63) NOT NULL,
    hash CHAR(64) NOT NULL UNIQUE,
    scopes VARCHAR(200) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX token_name ON token (account, name) WHERE revoked_at IS NULL;

-- One row: which log this is, the last revision given out, and the last one that was compacted away. Its row lock makes
-- writers append in commit order, so revisions have no gaps.
CREATE TABLE log_head (
    id INTEGER PRIMARY KEY,
    history VARCHAR(32) NOT NULL,
    revision BIGINT NOT NULL,
    floor BIGINT NOT NULL
);
INSERT INTO log_head (id, history, revision, floor) VALUES (1, '', 0, 0);

-- What nodes must know. A key's newest row has superseded = 0; those rows together are the snapshot.
CREATE TABLE log (
    revision BIGINT NOT NULL,
    position INTEGER NOT NULL,
    log_key VARCHAR(300) NOT NULL,
    value TEXT,
    superseded INTEGER NOT NULL,
    PRIMARY KEY (revision, position)
);
CREATE INDEX log_newest ON log (log_key) WHERE superseded = 0;

CREATE TABLE site (
    account VARCHAR(63) NOT NULL REFERENCES account (name),
    name VARCHAR(63) NOT NULL,
    incarnation VARCHAR(32) NOT NULL,
    version INTEGER NOT NULL,
    revision BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (account, name)
);

CREATE TABLE site_version (
    account VARCHAR(63) NOT NULL,
    site VARCHAR(63) NOT NULL,
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    media_type VARCHAR(40) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    created_at BIGINT NOT NULL,
    created_by VARCHAR(63) NOT NULL,
    PRIMARY KEY (account, site, version),
    FOREIGN KEY (account, site) REFERENCES site (account, name)
);

-- Host patterns over all accounts. reversed holds the labels from the right with a dot after each
-- (*.shop.example -> example.shop.), so that all hosts below a suffix are one range.
CREATE TABLE site_host (
    pattern VARCHAR(260) PRIMARY KEY,
    reversed VARCHAR(260) NOT NULL,
    wildcard INTEGER NOT NULL,
    account VARCHAR(63) NOT NULL,
    site VARCHAR(63) NOT NULL,
    FOREIGN KEY (account, site) REFERENCES site (account, name)
);
CREATE INDEX site_host_reversed ON site_host (reversed);
CREATE INDEX site_host_owner ON site_host (account, site);

-- Which functions a site's current document names.
CREATE TABLE site_function (
    account VARCHAR(63) NOT NULL,
    site VARCHAR(63) NOT NULL,
    function VARCHAR(63) NOT NULL,
    PRIMARY KEY (account, site, function),
    FOREIGN KEY (account, site) REFERENCES site (account, name)
);
CREATE INDEX site_function_function ON site_function (account, function);

CREATE TABLE function (
    account VARCHAR(63) NOT NULL REFERENCES account (name),
    name VARCHAR(63) NOT NULL,
    incarnation VARCHAR(32) NOT NULL,
    version INTEGER NOT NULL,
    revision BIGINT NOT NULL,
    vars TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (account, name)
);

CREATE TABLE function_version (
    account VARCHAR(63) NOT NULL,
    function VARCHAR(63) NOT NULL,
    version INTEGER NOT NULL,
    sha256 CHAR(64) NOT NULL,
    size_bytes BIGINT NOT NULL,
    manifest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by VARCHAR(63) NOT NULL,
    PRIMARY KEY (account, function, version),
    FOREIGN KEY (account, function) REFERENCES function (account, name)
);
CREATE INDEX function_version_sha256 ON function_version (sha256);

-- The deployment in force: one or two rows a function, none before its first.
CREATE TABLE function_share (
    account VARCHAR(63) NOT NULL,
    function VARCHAR(63) NOT NULL,
    version INTEGER NOT NULL,
    percent INTEGER NOT NULL,
    PRIMARY KEY (account, function, version),
    FOREIGN KEY (account, function, version) REFERENCES function_version (account, function, version)
);

CREATE TABLE purge (
    id VARCHAR(32) PRIMARY KEY,
    account VARCHAR(63) NOT NULL REFERENCES account (name),
    site VARCHAR(63) NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX purge_revision ON purge (revision);

CREATE TABLE node (
    name VARCHAR(128) PRIMARY KEY,
    node_groups TEXT NOT NULL,
    software VARCHAR(100) NOT NULL,
    acked BIGINT NOT NULL,
    acked_at BIGINT,
    seen_at BIGINT,
    refused TEXT NOT NULL,
    drain INTEGER NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE node_token (
    id VARCHAR(32) PRIMARY KEY,
    node VARCHAR(128) NOT NULL REFERENCES node (name),
    node_groups TEXT NOT NULL,
    hash CHAR(64) NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX node_token_node ON node_token (node);

CREATE TABLE counter (
    name VARCHAR(20) PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('audit', 0);

CREATE TABLE audit (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    account VARCHAR(63) NOT NULL,
    token_id VARCHAR(32) NOT NULL,
    token_name VARCHAR(63) NOT NULL,
    caller VARCHAR(64) NOT NULL,
    request VARCHAR(400) NOT NULL,
    request_id VARCHAR(32) NOT NULL,
    revision BIGINT,
    change TEXT NOT NULL
);
CREATE INDEX audit_account ON audit (account, id);

-- Answers to POST calls that carried an Idempotency-Key.
CREATE TABLE replay (
    token_id VARCHAR(32) NOT NULL,
    replay_key VARCHAR(255) NOT NULL,
    fingerprint CHAR(64) NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    secret INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (token_id, replay_key)
);
CREATE INDEX replay_created ON replay (created_at);
