-- Portable SQL, as in the first step.

-- When the authority is asked next when a certificate had better be renewed (RFC 9773); null: it gives no such advice, or there is none yet.
ALTER TABLE acme_site ADD COLUMN advice_at BIGINT;
UPDATE acme_site SET advice_at = 0 WHERE state = 'issued';
CREATE INDEX acme_site_advice ON acme_site (advice_at);
