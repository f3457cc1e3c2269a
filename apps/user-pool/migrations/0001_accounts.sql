create table users (
  sub uuid primary key,
  pool_id text not null,
  email text not null,
  email_verified boolean not null default false,
  status text not null check (status in ('UNCONFIRMED', 'CONFIRMED')),
  enabled boolean not null default true,
  password_hash text not null,
  attributes jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (pool_id, email)
);

create table totp_factors (
  sub uuid primary key references users on delete cascade,
  secret_key_id text not null,
  secret bytea not null,
  device_name text,
  -- A time step is accepted once: only a later one than this is good (RFC 6238 §5.2).
  last_step bigint not null,
  created_at timestamptz not null
);

-- The opaque Session of a sign-in under way, found by the SHA-256 of what the client holds.
create table sessions (
  hash bytea primary key,
  pool_id text not null,
  client_id text not null,
  sub uuid not null references users on delete cascade,
  step text not null,
  tries smallint not null default 0,
  secret_key_id text,
  secret bytea,
  expires_at timestamptz not null
);
create index on sessions (expires_at);
create index on sessions (sub);

-- All refresh tokens that descend from one sign-in; its id is the origin_jti of their access tokens.
create table token_families (
  origin_jti uuid primary key,
  pool_id text not null,
  client_id text not null,
  sub uuid not null references users on delete cascade,
  auth_time timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index on token_families (expires_at);
create index on token_families (sub);

create table refresh_tokens (
  hash bytea primary key,
  origin_jti uuid not null references token_families on delete cascade,
  issued_at timestamptz not null,
  exchanged_at timestamptz
);
create index on refresh_tokens (origin_jti);

-- Codes sent by e-mail. A subject is a sub, or a pseudonym of a name that nobody has, so that both look the same.
create table codes (
  subject text not null,
  purpose text not null,
  hash bytea,
  tries smallint not null default 0,
  expires_at timestamptz not null,
  sent_at timestamptz[] not null,
  primary key (subject, purpose)
);
create index on codes (expires_at);

-- Failures in a row, counted before the guess is looked at.
create table lockouts (
  subject text primary key,
  failures integer not null,
  locked_until timestamptz not null,
  last_at timestamptz not null
);
create index on lockouts (last_at);

-- What one network address did within a window of time; the key is a pseudonym of the address.
create table address_windows (
  key bytea primary key,
  count integer not null,
  ends_at timestamptz not null
);
create index on address_windows (ends_at);
