-- Portable SQL, as in the first step.

-- Control planes that share the store, by the identity that each takes at its start. A store on SQLite has none.
CREATE TABLE replica (
    id VARCHAR(32) PRIMARY KEY,
    seen_at BIGINT NOT NULL
);

-- Which control plane a node's stream ends at; null when it has none. stamp: the change of nodes that wrote the row last.
ALTER TABLE node ADD COLUMN replica VARCHAR(32);
ALTER TABLE node ADD COLUMN stamp BIGINT NOT NULL DEFAULT 0;
INSERT INTO counter (name, value) VALUES ('nodes', 0);

-- Which control plane claimed a run.
ALTER TABLE schedule_run ADD COLUMN replica VARCHAR(32);
