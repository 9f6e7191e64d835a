-- Practices: their people, what these act from, where they publish, and their channels.

CREATE TABLE practices (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    zone TEXT NOT NULL, -- IANA name
    sample BOOLEAN NOT NULL,
    quiet_from BIGINT, -- minutes since midnight
    quiet_to BIGINT,
    own_words BIGINT, -- allowed for what was made from then on
    begun TEXT NOT NULL DEFAULT '[]', -- JSON: who began what does not count yet
    stopped BOOLEAN NOT NULL,
    version BIGINT NOT NULL -- raised by every change to any of the tables here
);

CREATE TABLE policies (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    place BIGINT NOT NULL,
    counts_from BIGINT NOT NULL,
    policy TEXT NOT NULL, -- JSON
    PRIMARY KEY (practice_id, place)
);

CREATE TABLE members (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    place BIGINT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    agency BOOLEAN NOT NULL,
    signs_from BIGINT NOT NULL, -- a sign-off counts for what was made from then on
    signed_until BIGINT, -- was an approver until then
    was TEXT, -- JSON: what the person was, while the role does not count yet
    gone BOOLEAN NOT NULL, -- left, and is named on old cards still
    was_known BOOLEAN NOT NULL DEFAULT FALSE, -- an account that was known to be theirs was taken away
    PRIMARY KEY (practice_id, id)
);

CREATE TABLE identities (
    practice_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    user_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    confirmed BOOLEAN NOT NULL, -- somebody has shown that it is theirs
    counts_from BIGINT, -- they act from there as who they are from then on
    PRIMARY KEY (practice_id, platform, workspace, user_id),
    FOREIGN KEY (practice_id, member_id) REFERENCES members (practice_id, id)
);

CREATE INDEX identities_by_user ON identities (platform, user_id);

-- One-time codes by which a person shows that an identity is theirs.
CREATE TABLE codes (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    user_id TEXT NOT NULL,
    hash TEXT NOT NULL, -- keyed, hexadecimal
    expires BIGINT NOT NULL,
    tries BIGINT NOT NULL, -- wrong ones
    PRIMARY KEY (practice_id, platform, workspace, user_id)
);

CREATE TABLE accounts (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    place BIGINT NOT NULL,
    network TEXT NOT NULL,
    name TEXT NOT NULL,
    server TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    gone BOOLEAN NOT NULL, -- disconnected
    PRIMARY KEY (practice_id, id)
);

CREATE TABLE channels (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (practice_id, platform, workspace, channel)
);

-- A channel belongs to one practice.
CREATE UNIQUE INDEX channels_one_practice ON channels (platform, workspace, channel);
