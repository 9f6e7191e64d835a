-- A post that somebody else had written before.

UPDATE posts SET earlier_authors = '["dr-rao"]' WHERE practice_id = 'northside' AND id = 'post-1';
