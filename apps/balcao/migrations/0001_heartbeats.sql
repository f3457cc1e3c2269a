-- A worker has no port; this row is how others know that it lives.
create table heartbeats (
  process uuid primary key,
  role text not null,
  parts text[] not null,
  beat_at timestamptz not null default now()
);
