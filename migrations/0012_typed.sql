-- When an idea was typed as it stands: an edit that was made before that, and is heard of later, is
-- old.

ALTER TABLE ideas ADD COLUMN typed_at BIGINT NOT NULL DEFAULT 0;
