-- Practices: their people, what these act from, where they publish, and their channels.

CREATE TABLE practices (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    zone TEXT NOT NULL, -- IANA name
    sample BOOLEAN NOT NULL,
    policy TEXT NOT NULL, -- JSON
    quiet_from BIGINT, -- minutes since midnight on its wall clock
    quiet_to BIGINT,
    stopped BOOLEAN NOT NULL,
    version BIGINT NOT NULL -- raised by every change to any of the tables here
);

CREATE TABLE members (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    place BIGINT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    agency BOOLEAN NOT NULL,
    PRIMARY KEY (practice_id, id)
);

CREATE TABLE identities (
    practice_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    user_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (practice_id, platform, workspace, user_id),
    FOREIGN KEY (practice_id, member_id) REFERENCES members (practice_id, id)
);

CREATE TABLE accounts (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    place BIGINT NOT NULL,
    network TEXT NOT NULL,
    name TEXT NOT NULL,
    server TEXT NOT NULL,
    remote_id TEXT NOT NULL,
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
