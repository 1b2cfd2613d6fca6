-- Portable SQL, as in the first step.

-- sealed: the private key, encrypted under the installation's key.
CREATE TABLE certificate (
    account VARCHAR(63) NOT NULL REFERENCES account (name),
    name VARCHAR(63) NOT NULL,
    incarnation VARCHAR(40) NOT NULL,
    version INTEGER NOT NULL,
    chain TEXT NOT NULL,
    sealed TEXT NOT NULL,
    revision BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by VARCHAR(63) NOT NULL,
    PRIMARY KEY (account, name)
);

-- Which certificates the current version of a site names; served says whether to its clients, or shown to its origins.
CREATE TABLE site_certificate (
    account VARCHAR(63) NOT NULL,
    site VARCHAR(63) NOT NULL,
    certificate VARCHAR(63) NOT NULL,
    served INTEGER NOT NULL,
    PRIMARY KEY (account, site, certificate, served),
    FOREIGN KEY (account, site) REFERENCES site (account, name),
    FOREIGN KEY (account, certificate) REFERENCES certificate (account, name)
);
CREATE INDEX site_certificate_by_certificate ON site_certificate (account, certificate);
