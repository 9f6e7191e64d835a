-- Who signs in by the network's own word: an account is one practice's, whatever its server is called.

ALTER TABLE credentials ADD COLUMN identity TEXT;

CREATE UNIQUE INDEX credentials_one_identity ON credentials (identity);
