-- Times are milliseconds since 1970 UTC; credits and percents are millionths; lists and maps are JSON. Ids are UUIDv7, so
-- that the newest has the greatest.
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('user', 'admin')),
  plan_name TEXT NOT NULL,
  avatar_url TEXT,
  referral_code TEXT NOT NULL UNIQUE,
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE integrations (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  type TEXT NOT NULL,
  protocol TEXT,
  name TEXT NOT NULL,
  api_key_id TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX integrations_of_user ON integrations (user_id, id);

CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  owner_id TEXT NOT NULL REFERENCES users (id),
  description TEXT,
  instructions TEXT NOT NULL,
  model TEXT,
  intents TEXT NOT NULL,
  can_talk_to_other_agents BOOLEAN NOT NULL,
  other_agents_can_talk BOOLEAN NOT NULL,
  is_public BOOLEAN NOT NULL,
  credits_per_token BIGINT CHECK (credits_per_token >= 0),
  credits_per_call BIGINT CHECK (credits_per_call >= 0),
  minimum_balance BIGINT CHECK (minimum_balance >= 0),
  agent_pricing_percent BIGINT CHECK (agent_pricing_percent >= 0),
  avatar_url TEXT,
  greeting_message TEXT,
  greeting_image_mobile TEXT,
  greeting_image_desktop TEXT,
  suggested_actions TEXT NOT NULL,
  skills TEXT NOT NULL,
  tools TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX agents_of_owner ON agents (owner_id, id);

-- lookup: the readable part of the key, or a digest's beginning for keys that others have made. replaced_by: the key that it
-- was rotated to.
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  agent_id TEXT,
  name TEXT NOT NULL,
  lookup TEXT NOT NULL UNIQUE,
  secret_sha256 TEXT NOT NULL,
  key_prefix TEXT NOT NULL,
  permissions TEXT NOT NULL,
  allowed_agents TEXT NOT NULL,
  daily_rate_limit BIGINT CHECK (daily_rate_limit > 0),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  last_used_at BIGINT,
  expires_at BIGINT,
  revoked_at BIGINT,
  replaced_by TEXT
);
CREATE INDEX api_keys_of_user ON api_keys (user_id, id);
CREATE INDEX api_keys_of_agent ON api_keys (agent_id);

-- agent: what the publisher calls it, an id or a name, of this portal or not. expires_at absent: mirrors an entry of its
-- agent's own list, and lives as long. natural_key: a digest of what makes it the same intent when it is published again.
CREATE TABLE intents (
  id TEXT PRIMARY KEY,
  natural_key TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id),
  agent TEXT NOT NULL,
  of_agent TEXT REFERENCES agents (id) ON DELETE CASCADE,
  intent TEXT NOT NULL,
  agent_description TEXT,
  url TEXT,
  protocol TEXT NOT NULL,
  subpath TEXT NOT NULL,
  rank DOUBLE PRECISION NOT NULL,
  latitude DOUBLE PRECISION,
  longitude DOUBLE PRECISION,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  expires_at BIGINT
);
CREATE INDEX intents_of_user ON intents (user_id, id, expires_at);
CREATE INDEX intents_of_agent ON intents (of_agent);
CREATE INDEX intents_expiry ON intents (expires_at);

-- vector_key: a digest of model and phrase. vector: 32-bit floats, the lowest byte first.
CREATE TABLE phrase_vectors (
  vector_key TEXT PRIMARY KEY,
  vector ${bytes} NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE INDEX phrase_vectors_use ON phrase_vectors (used_at);

CREATE TABLE content (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES users (id),
  file_name TEXT NOT NULL,
  original_file_name TEXT NOT NULL,
  size BIGINT NOT NULL CHECK (size >= 0),
  sha256 TEXT NOT NULL,
  visibility TEXT NOT NULL CHECK (visibility IN ('private', 'public')),
  tags TEXT NOT NULL,
  description TEXT,
  content_type TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX content_of_owner ON content (owner_id, id);
CREATE INDEX content_sha256 ON content (sha256);

-- The first answer to each Idempotency-Key, sealed with what only its caller knows.
CREATE TABLE idempotency (
  caller TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_sha256 TEXT NOT NULL,
  answer ${bytes} NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (caller, idempotency_key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);
