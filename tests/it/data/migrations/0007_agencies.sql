INSERT INTO practices (id, name, zone, sample, stopped, version)
VALUES ('instance', 'Countersign', 'UTC', FALSE, FALSE, 1);
INSERT INTO agencies (id, name) VALUES ('birch-lane', 'Birch Lane Communications');
INSERT INTO clients (agency_id, practice_id) VALUES ('birch-lane', 'northside');
INSERT INTO channels (practice_id, platform, workspace, channel, purpose, place)
VALUES ('instance', 'local', 'local', 'desk', 'desk', 0);
INSERT INTO desks (practice_id, platform, workspace, channel, agency_id)
VALUES ('instance', 'local', 'local', 'desk', 'birch-lane');
