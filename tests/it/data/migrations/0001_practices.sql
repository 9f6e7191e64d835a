INSERT INTO practices (id, name, zone, sample, policy, stopped, version)
VALUES ('northside', 'Northside Family Practice', 'America/Chicago', TRUE, '{}', FALSE, 1);
INSERT INTO members (practice_id, id, place, name, role, agency)
VALUES ('northside', 'tomas', 0, 'Tomas', 'staff', FALSE);
INSERT INTO identities (practice_id, platform, workspace, user_id, member_id, place)
VALUES ('northside', 'local', 'local', 'tomas', 'tomas', 0);
INSERT INTO accounts (practice_id, id, place, network, name, server, remote_id)
VALUES ('northside', 'page', 0, 'local', 'Practice page', 'local', 'page-1');
INSERT INTO channels (practice_id, platform, workspace, channel, purpose, place)
VALUES ('northside', 'local', 'local', 'ideas', 'ideas', 0);
