-- The outside world of the local platform: its chat, and the posts of its network.

-- One counter numbers everything: messages, events, files, posts and every change.
CREATE TABLE IF NOT EXISTS counter (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    value INTEGER NOT NULL
);
INSERT OR IGNORE INTO counter (one, value) VALUES (1, 0);

-- `number` is its place in the channel, `seq` its last change, `born` the change with which people
-- began to see it. `view`: what a message of the bot's shows.
-- `coming`: the gate has not answered yet; such a message holds no text.
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    born INTEGER NOT NULL,
    channel TEXT NOT NULL,
    thread INTEGER,
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    only_for TEXT,
    view TEXT,
    text TEXT NOT NULL,
    buttons TEXT NOT NULL,
    pictures TEXT NOT NULL,
    coming INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    edited INTEGER NOT NULL,
    deleted INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_by_change ON messages (channel, seq);

-- Which notice became which message, so that the same notice twice is one.
CREATE TABLE IF NOT EXISTS notices (
    key TEXT PRIMARY KEY,
    message INTEGER NOT NULL
);

-- Which message a person's own key (a UUID) is, so that a retry says nothing twice.
CREATE TABLE IF NOT EXISTS said (
    person TEXT NOT NULL,
    key TEXT NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (person, key)
);

CREATE TABLE IF NOT EXISTS reactions (
    message INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    person TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (message, emoji, person)
);

-- A file has no name and no message until a message that uses it passed the gate.
CREATE TABLE IF NOT EXISTS files (
    number INTEGER PRIMARY KEY,
    message INTEGER,
    place INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL DEFAULT '',
    alt TEXT NOT NULL DEFAULT '',
    media_type TEXT NOT NULL,
    at INTEGER NOT NULL,
    bytes BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS files_by_message ON files (message, place);

CREATE TABLE IF NOT EXISTS posts (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    account TEXT NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    deleted INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS posts_by_key ON posts (key);

CREATE TABLE IF NOT EXISTS uploads (
    number INTEGER PRIMARY KEY,
    media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS post_media (
    post INTEGER NOT NULL,
    place INTEGER NOT NULL,
    upload INTEGER NOT NULL,
    alt TEXT NOT NULL,
    PRIMARY KEY (post, place)
);

CREATE TABLE IF NOT EXISTS settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
