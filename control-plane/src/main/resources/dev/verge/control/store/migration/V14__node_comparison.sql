-- What came of comparing a node's stored state with the log: when, and how many parts of it differed.
ALTER TABLE node ADD COLUMN compared_at BIGINT;
ALTER TABLE node ADD COLUMN differing INTEGER;
