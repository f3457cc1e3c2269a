create table videos (
  id text primary key,
  owner text not null check (owner <> ''),
  job_id text not null unique,
  title text not null,
  title_folded text not null,
  state text not null check (state in ('uploading', 'queued', 'processing', 'ready', 'failed')),
  size bigint check (size >= 0),
  bucket text not null,
  key text not null,
  etag text,
  fingerprint text,
  upload_id text,
  part_size bigint,
  created_at timestamptz not null,
  -- The last sign of life of an upload: seven days after it the upload is given up.
  active_at timestamptz not null,
  uploaded_at timestamptz,
  deleted_at timestamptz,
  duration double precision,
  width integer,
  height integer,
  play_attempt integer,
  poster_key text,
  mp4_key text,
  mp4_size bigint,
  problem_code text,
  problem_message text,
  swept_at timestamptz,
  unique (bucket, key),
  check ((upload_id is null) = (part_size is null)),
  check ((problem_code is null) = (problem_message is null))
);
create index videos_newest on videos (owner, created_at desc, id desc);
create index videos_title on videos (owner, title collate "pt-BR-x-icu", id);
create index videos_uploading on videos (swept_at nulls first) where state = 'uploading';
create index videos_trash on videos (deleted_at) where deleted_at is not null;

-- A video belongs to one person for ever (D3-19).
create function keep_owner() returns trigger language plpgsql as $$
begin
  raise exception 'the owner of a video never changes';
end $$;
create trigger videos_keep_owner before update of owner on videos
  for each row when (old.owner is distinct from new.owner) execute function keep_owner();

create table jobs (
  id text primary key,
  video_id text not null unique references videos on delete cascade,
  bucket text not null,
  key text not null,
  etag text not null,
  state text not null check (state in ('waiting', 'running', 'done', 'failed')),
  -- The fence: a write of attempt n changes nothing once n + 1 has begun.
  attempt integer not null default 0,
  failures integer not null default 0,
  lease_until timestamptz,
  percent double precision not null default 0 check (percent between 0 and 100),
  eta_seconds double precision,
  -- What becomes of the upload of a finished job; null before and after.
  original text check (original in ('covered', 'archive')),
  archive_key text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (bucket, key, etag)
);
create index jobs_open on jobs (updated_at) where state in ('waiting', 'running');
create index jobs_untidy on jobs (updated_at) where original is not null;

create table renditions (
  video_id text not null references videos on delete cascade,
  attempt integer not null,
  name text not null,
  kind text not null check (kind in ('video', 'audio')),
  bandwidth bigint not null,
  average_bandwidth bigint not null,
  width integer,
  height integer,
  frame_rate double precision,
  codecs text not null,
  init_key text not null,
  complete boolean not null default false,
  primary key (video_id, attempt, name)
);

create table segments (
  video_id text not null,
  attempt integer not null,
  rendition text not null,
  number integer not null,
  duration double precision not null,
  key text not null,
  size bigint not null,
  primary key (video_id, attempt, rendition, number),
  foreign key (video_id, attempt, rendition) references renditions on delete cascade
);

-- Live views are woken by every change that a person can see; the payload is `owner id`.
create function tell_video_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform pg_notify('video_changed', old.owner || ' ' || old.id);
  else
    perform pg_notify('video_changed', new.owner || ' ' || new.id);
  end if;
  return null;
end $$;
create trigger videos_tell_insert_delete after insert or delete on videos
  for each row execute function tell_video_changed();
create trigger videos_tell_update
  after update of title, state, size, deleted_at, duration, width, height, play_attempt, poster_key, mp4_key, problem_code
  on videos for each row execute function tell_video_changed();

create function tell_job_progress() returns trigger language plpgsql as $$
begin
  perform pg_notify('video_changed', owner || ' ' || id) from videos where id = new.video_id;
  return null;
end $$;
create trigger jobs_tell after update of percent, eta_seconds on jobs
  for each row when (old.percent is distinct from new.percent or old.eta_seconds is distinct from new.eta_seconds)
  execute function tell_job_progress();
