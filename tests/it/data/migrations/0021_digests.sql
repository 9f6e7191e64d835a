INSERT INTO digests (practice_id, date, made_at, seq, shown)
SELECT id, '2026-11-23', 1795424301000000, 1, TRUE FROM practices WHERE id <> 'instance';
INSERT INTO watched (practice_id, until) SELECT id, 1795424301000000 FROM practices;
INSERT INTO outages (practice_id, began, ended)
SELECT id, 1795424301000000, 1795424302000000 FROM practices;
