-- A post that somebody else had written before.

UPDATE posts SET wrote = '["dr-rao"]' WHERE practice_id = 'northside' AND id = 'post-1';
