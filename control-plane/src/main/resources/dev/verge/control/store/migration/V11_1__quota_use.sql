-- Portable SQL, as in the first step.

-- What accounts with quotas use at the nodes of each control plane, in thousandths and the older the less: of the last seconds only.
CREATE TABLE quota_use (
    replica VARCHAR(32) NOT NULL,
    account VARCHAR(63) NOT NULL,
    requests_milli BIGINT NOT NULL,
    runs_milli BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (replica, account)
);
