-- Portable SQL, as in the first step.

-- How busy nodes were, by ten seconds (slot: ten seconds since 1970 UTC); of each slot the last that was told. load: a LoadPoint as JSON.
CREATE TABLE node_load (
    node VARCHAR(128) NOT NULL,
    slot BIGINT NOT NULL,
    load TEXT NOT NULL,
    PRIMARY KEY (node, slot)
);
CREATE INDEX node_load_slot ON node_load (slot);

-- Times in which a node did not use an origin. state: down or ejected; ended_at: null while it lasts.
CREATE TABLE origin_outage (
    id VARCHAR(32) PRIMARY KEY,
    node VARCHAR(128) NOT NULL,
    account VARCHAR(63) NOT NULL,
    site VARCHAR(63) NOT NULL,
    pool VARCHAR(100) NOT NULL,
    origin VARCHAR(512) NOT NULL,
    state VARCHAR(10) NOT NULL,
    reason VARCHAR(200),
    began_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX origin_outage_node ON origin_outage (node, ended_at);
CREATE INDEX origin_outage_account ON origin_outage (account, began_at);
CREATE INDEX origin_outage_site ON origin_outage (account, site, ended_at);
CREATE INDEX origin_outage_ended ON origin_outage (ended_at);
