-- How accounts are signed in to: sealed with the key vault, and in no export.

CREATE TABLE credentials (
    practice_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    sealed TEXT NOT NULL, -- tokens and passwords
    version BIGINT NOT NULL,
    since BIGINT NOT NULL, -- when a person connected it
    expiry TEXT NOT NULL, -- never, at or unknown
    ends BIGINT, -- when it ends, where that is known
    out_since BIGINT, -- since when the network does not accept it
    out_why TEXT,
    not_before BIGINT, -- until when the network asked to wait
    PRIMARY KEY (practice_id, account_id),
    FOREIGN KEY (practice_id, account_id) REFERENCES accounts (practice_id, id)
);
