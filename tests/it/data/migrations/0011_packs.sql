-- A practice where New York's rules count, and Florida's until somebody took them away.

UPDATE practices SET packs = '[{"state":"ny","until":null},{"state":"fl","until":1795428000000000}]'
WHERE id = 'northside';
