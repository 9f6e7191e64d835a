-- The workspaces that installed the app; the instance's own, sealed with the key vault.
CREATE TABLE installs (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    -- Tokens and who the app is there, sealed; empty once it is gone.
    sealed TEXT NOT NULL,
    version BIGINT NOT NULL,
    since BIGINT NOT NULL,
    gone_at BIGINT,
    PRIMARY KEY (platform, workspace)
);
