INSERT INTO said (practice_id, word, post_id, said_at)
VALUES ('northside', 'flu', 'post-1', 1700000000000000);
