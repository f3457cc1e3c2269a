-- What every service's schema has. Events leave through the outbox, in the transaction that made them true.
create table outbox (
  seq bigint generated always as identity primary key,
  topic text not null,
  event_id text not null,
  payload jsonb not null,
  traceparent text,
  created_at timestamptz not null,
  published_at timestamptz,
  unique (topic, event_id)
);
create index outbox_waiting on outbox (seq) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;

-- What a consumer of this schema has applied.
create table inbox (
  topic text not null,
  consumer text not null,
  event_id text not null,
  handled_at timestamptz not null,
  primary key (topic, consumer, event_id)
);
create index inbox_age on inbox (handled_at);

-- A cache may forget, so it is not worth the log.
create unlogged table cache_entries (
  key text primary key,
  value text not null,
  expires_at timestamptz not null
);
create index cache_entries_age on cache_entries (expires_at);

-- When each repeated task runs next, and until when its present runner has it.
create table schedules (
  name text primary key,
  next_run timestamptz not null,
  leased_until timestamptz
);
