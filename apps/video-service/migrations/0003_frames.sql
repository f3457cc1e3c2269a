-- Requests for the images of a video as a ZIP (FX-1): jobs of the platform's work machine.
create table frames (
  id text primary key,
  video_id text not null references videos on delete cascade,
  owner text not null,
  lane text not null,
  -- What was asked for, one or the other.
  every_seconds double precision check (every_seconds between 0.1 and 60),
  count integer check (count between 1 and 1000),
  state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  attempt integer not null default 0,
  failures integer not null default 0,
  lease_until timestamptz,
  ready_at timestamptz not null,
  percent double precision not null default 0 check (percent between 0 and 100),
  eta_seconds double precision,
  problem_code text,
  problem_message text,
  -- The ZIP, once it is there.
  images integer,
  zip_key text,
  size bigint,
  sha256 text,
  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check (num_nonnulls(every_seconds, count) = 1),
  check (num_nonnulls(images, zip_key, size, sha256, expires_at) in (0, 5))
);
create index frames_of_video on frames (video_id, created_at desc, id desc);
create index frames_waiting on frames (lane, ready_at) where state = 'waiting';
create index frames_running on frames (lease_until, id) where state = 'running';
create index frames_expiring on frames (expires_at) where expires_at is not null;
create index frames_ended on frames (updated_at) where state in ('failed', 'cancelled');
create index frames_open on frames (owner) where state in ('waiting', 'running');

create function tell_frames_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('live', coalesce(new.owner, old.owner) || ' frames ' || coalesce(new.video_id, old.video_id));
  return null;
end $$;
create trigger frames_tell_insert_delete after insert or delete on frames
  for each row execute function tell_frames_changed();
create trigger frames_tell_update after update of state, percent, eta_seconds, problem_code, zip_key on frames
  for each row execute function tell_frames_changed();
