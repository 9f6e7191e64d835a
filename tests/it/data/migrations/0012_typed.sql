-- An idea that was edited.

UPDATE ideas SET typed_at = 1700000000000000 WHERE practice_id = 'northside';
