-- Agencies: for which practices each works, and the channels that are its desks.

CREATE TABLE agencies (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
);

CREATE TABLE clients (
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    practice_id TEXT NOT NULL REFERENCES practices (id),
    PRIMARY KEY (agency_id, practice_id)
);

CREATE INDEX clients_by_practice ON clients (practice_id);

-- A desk is a channel of the instance, so that it can't be a practice's as well.
CREATE TABLE desks (
    practice_id TEXT NOT NULL, -- the instance
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    PRIMARY KEY (practice_id, platform, workspace, channel),
    FOREIGN KEY (practice_id, platform, workspace, channel)
    REFERENCES channels (practice_id, platform, workspace, channel)
);
