UPDATE credentials SET identity = 'bluesky did:plc:' || practice_id || account_id;
