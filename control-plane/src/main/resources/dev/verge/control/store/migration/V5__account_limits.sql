-- Portable SQL, as in the first step.

-- What an operator lets an account have at most; an account without a row has the platform's ceilings.
CREATE TABLE account_limits (
    account VARCHAR(63) PRIMARY KEY REFERENCES account (name),
    limits TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
