-- What goes where it is used: functions and certificates, by the sites that name them, and namespaces by the functions that have them.

-- The nodes that have the site, as in log.
ALTER TABLE site ADD COLUMN placement TEXT;

-- What the versions of a function name that nodes have; kind: service (name is a function) or kv (a namespace). Filled from the log by the
-- next step.
CREATE TABLE function_use (
    account VARCHAR(63) NOT NULL,
    function VARCHAR(63) NOT NULL,
    kind VARCHAR(10) NOT NULL,
    name VARCHAR(63) NOT NULL,
    PRIMARY KEY (account, function, kind, name),
    FOREIGN KEY (account, function) REFERENCES function (account, name)
);
CREATE INDEX function_use_name ON function_use (account, kind, name);

-- The nodes that a namespace's keys are for, as in log; none: all of them. moving: the log's head since when some keys are
-- still where they were before; 0: none is.
CREATE TABLE namespace_reach (
    account VARCHAR(63) NOT NULL REFERENCES account (name),
    namespace VARCHAR(63) NOT NULL,
    placement TEXT,
    moving BIGINT NOT NULL,
    PRIMARY KEY (account, namespace)
);
CREATE INDEX namespace_reach_moving ON namespace_reach (moving) WHERE moving > 0;
