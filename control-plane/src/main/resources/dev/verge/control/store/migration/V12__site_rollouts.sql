-- The last document of a site that went to some nodes first. version: what it brings; before: the version that the other nodes have;
-- node_groups: where it is first; state: staged, done, aborted, rolled-back or superseded; revision: the log entry that began its stage.
CREATE TABLE site_rollout (
    account VARCHAR(63) NOT NULL,
    site VARCHAR(63) NOT NULL,
    state VARCHAR(20) NOT NULL,
    version INTEGER NOT NULL,
    before INTEGER NOT NULL,
    node_groups TEXT NOT NULL,
    continue_at BIGINT,
    reason TEXT,
    revision BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (account, site),
    FOREIGN KEY (account, site) REFERENCES site (account, name)
);
