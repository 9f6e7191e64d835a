UPDATE counters SET last_event = 1;
INSERT INTO inbox (practice_id, seq, platform, event_id, payload, state, failures, received_at)
VALUES ('northside', 1, 'local', 'e1', '{}', 'waiting', 0, 1700000000000000);
