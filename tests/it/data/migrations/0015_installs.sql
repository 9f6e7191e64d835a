INSERT INTO installs (platform, workspace, sealed, version, since, gone_at)
VALUES ('slack', 'T0123', '00ff', 1, 1795424301000000, NULL),
       ('slack', 'T0456', '', 2, 1795424301000000, 1795424302000000);
