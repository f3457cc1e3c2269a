-- A worker has no port; this row is how others know that it lives.
create table heartbeats (
  process uuid primary key,
  role text not null,
  parts text[] not null,
  -- Why it cannot work, where it says so: no ffmpeg, for one.
  problem text,
  beat_at timestamptz not null default now()
);
