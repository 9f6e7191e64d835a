INSERT INTO remarks (practice_id, account_id, remote, category, publication_id, url, said_at,
    seen_at)
SELECT practice_id, account_id, 'r1', 'comment', publication_id, 'https://social.example/r1',
    1795424401000000, 1795424601000000 FROM engagement;
