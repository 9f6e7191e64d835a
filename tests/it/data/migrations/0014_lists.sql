-- A practice that wrote down a number of its own, and a word that it watches.

UPDATE practices SET lists = '{"phones":["512 555 0147"],"watched":["Botox"]}'
WHERE id = 'northside';
