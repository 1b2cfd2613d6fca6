-- Portable SQL, as in the first step.

-- Sites whose certificate is had by ACME, since their document says so. hosts: what it is to be for, sorted, with spaces between.
-- state: waiting, ordering, issued or failed; next_at: when the next order is due. order_url and sealed_key: an order that is under
-- way at the authority, and the key that its certificate will have. replica: the control plane that works on it now.
CREATE TABLE acme_site (
    account VARCHAR(63) NOT NULL,
    site VARCHAR(63) NOT NULL,
    hosts TEXT NOT NULL,
    state VARCHAR(10) NOT NULL,
    next_at BIGINT NOT NULL,
    failures INTEGER NOT NULL,
    reason VARCHAR(1000),
    order_url VARCHAR(2000),
    sealed_key TEXT,
    replica VARCHAR(32),
    PRIMARY KEY (account, site),
    FOREIGN KEY (account, site) REFERENCES site (account, name)
);
CREATE INDEX acme_site_next ON acme_site (next_at);

-- New orders of the last hour, which is what their number is bounded over.
CREATE TABLE acme_attempt (
    id VARCHAR(32) PRIMARY KEY,
    account VARCHAR(63) NOT NULL,
    site VARCHAR(63) NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX acme_attempt_at ON acme_attempt (at);

-- Our account at each authority. sealed: its key, encrypted under the installation's key.
CREATE TABLE acme_account (
    directory VARCHAR(2000) PRIMARY KEY,
    sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
