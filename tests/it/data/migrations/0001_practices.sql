INSERT INTO practices (id, name, zone, sample, stopped, version)
VALUES ('northside', 'Northside Family Practice', 'America/Chicago', TRUE, FALSE, 1);
INSERT INTO policies (practice_id, place, counts_from, policy)
VALUES ('northside', 0, 0, '{}');
INSERT INTO members (practice_id, id, place, name, role, agency, signs_from, gone)
VALUES ('northside', 'tomas', 0, 'Tomas', 'staff', FALSE, 0, FALSE);
INSERT INTO identities (practice_id, platform, workspace, user_id, member_id, place, confirmed)
VALUES ('northside', 'local', 'local', 'tomas', 'tomas', 0, FALSE);
INSERT INTO codes (practice_id, platform, workspace, user_id, hash, expires, tries)
VALUES ('northside', 'local', 'local', 'tomas', 'ab', 1700000000000000, 0);
INSERT INTO accounts (practice_id, id, place, network, name, server, remote_id, gone)
VALUES ('northside', 'page', 0, 'local', 'Practice page', 'local', 'page-1', FALSE);
INSERT INTO channels (practice_id, platform, workspace, channel, purpose, place)
VALUES ('northside', 'local', 'local', 'ideas', 'ideas', 0);
