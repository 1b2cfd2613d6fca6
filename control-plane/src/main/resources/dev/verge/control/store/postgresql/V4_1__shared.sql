-- What only a store needs that several control planes share.

-- Messages between control planes, gone as soon as they are read. A crash of the database may lose them: nothing relies on one.
CREATE UNLOGGED TABLE relay (
    id BIGSERIAL PRIMARY KEY,
    receiver VARCHAR(32) NOT NULL,
    sender VARCHAR(32) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    node VARCHAR(128) NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX relay_receiver ON relay (receiver, id);

-- Blobs by their hash, for every control plane; each keeps files of those that it was asked for.
CREATE TABLE blob (
    sha256 VARCHAR(64) PRIMARY KEY,
    content BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
ALTER TABLE blob ALTER COLUMN content SET STORAGE EXTERNAL;
