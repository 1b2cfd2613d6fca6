-- Portable SQL, as in the first step.

-- Public keys by which nodes show who they are; the nodes made them, and have the private ones. token: what they were exchanged for.
CREATE TABLE node_key (
    id CHAR(64) PRIMARY KEY,
    node VARCHAR(128) NOT NULL REFERENCES node (name),
    token VARCHAR(32) NOT NULL,
    identity_key VARCHAR(64) NOT NULL,
    sealing_key VARCHAR(64) NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX node_key_node ON node_key (node);

-- Which key a token was exchanged for first; null while it was not.
ALTER TABLE node_token ADD COLUMN node_key CHAR(64);

-- What commits are signed with. sealed: the private key, encrypted under the installation's key. link: signature of the key before.
-- A commit is signed with the last key whose from_revision is not above its own.
CREATE TABLE signing_key (
    number INTEGER PRIMARY KEY,
    public_key VARCHAR(64) NOT NULL,
    sealed TEXT NOT NULL,
    link VARCHAR(100) NOT NULL,
    from_revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);

-- What secrets are sealed under on their way to the nodes; the last one counts. sealed: encrypted under the installation's key.
CREATE TABLE fleet_key (
    epoch INTEGER PRIMARY KEY,
    sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Which nodes an entry is for, as JSON; null: all of them.
ALTER TABLE log ADD COLUMN placement TEXT;
