-- Double entry: each transfer debits one account and credits another, so that all balances together are always zero. Amounts
-- are millionths of a credit. A transfer is never changed nor deleted. Only the issuance may owe.
CREATE TABLE account (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('issuance', 'user')),
  owner_id TEXT,
  received BIGINT NOT NULL CHECK (received >= 0),
  spent BIGINT NOT NULL CHECK (spent >= 0),
  balance BIGINT NOT NULL CHECK (balance = received - spent),
  CHECK (kind = 'issuance' OR balance >= 0)
);
CREATE UNIQUE INDEX account_of_owner ON account (kind, owner_id);

INSERT INTO account (id, kind, owner_id, received, spent, balance) VALUES ('issuance', 'issuance', NULL, 0, 0, 0);

CREATE TABLE transfer (
  id TEXT PRIMARY KEY,
  debit_account TEXT NOT NULL REFERENCES account (id),
  credit_account TEXT NOT NULL REFERENCES account (id),
  amount BIGINT NOT NULL CHECK (amount > 0),
  kind TEXT NOT NULL CHECK (kind IN ('addition', 'usage', 'transfer', 'refund')),
  description TEXT,
  source TEXT,
  integration_id TEXT,
  request_id TEXT,
  agent_id TEXT,
  key_id TEXT,
  created_at BIGINT NOT NULL,
  CHECK (debit_account <> credit_account)
);
CREATE INDEX transfer_debits ON transfer (debit_account, id);
CREATE INDEX transfer_credits ON transfer (credit_account, id);

-- What each key was used for, by days since 1970 UTC.
CREATE TABLE key_days (
  key_id TEXT NOT NULL REFERENCES api_keys (id),
  day BIGINT NOT NULL,
  requests BIGINT NOT NULL CHECK (requests >= 0),
  tokens BIGINT NOT NULL CHECK (tokens >= 0),
  credits BIGINT NOT NULL CHECK (credits >= 0),
  PRIMARY KEY (key_id, day)
);
