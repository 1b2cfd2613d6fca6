-- Portable SQL, as in the first step.

-- Sessions of the console. Each stands for the token that it was opened with and ends with it; only the hash is kept.
CREATE TABLE console_session (
    hash CHAR(64) PRIMARY KEY,
    token_id VARCHAR(32) NOT NULL REFERENCES token (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX console_session_token ON console_session (token_id, created_at);
