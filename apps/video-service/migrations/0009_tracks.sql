-- A film may have several sounds, each told by its language and what it is for.
alter table renditions add column language text;
alter table renditions add column title text;
alter table renditions add column role text not null default 'main' check (role in ('main', 'commentary', 'description'));

-- Subtitles of an attempt at a film: each is one object of WebVTT.
create table subtitles (
  video_id text not null,
  attempt integer not null,
  name text not null,
  language text,
  title text,
  preferred boolean not null,
  forced boolean not null,
  hearing_impaired boolean not null,
  -- Of the film, in seconds.
  duration double precision not null,
  key text not null,
  primary key (video_id, attempt, name),
  foreign key (video_id, attempt) references attempts (video_id, number) on delete cascade
);

create table chapters (
  video_id text not null references videos on delete cascade,
  number integer not null check (number between 0 and 499),
  start_seconds double precision not null check (start_seconds >= 0),
  title text check (length(title) <= 200),
  primary key (video_id, number)
);

-- Why, for each track of the upload that cannot be watched.
alter table videos add column left_out jsonb not null default '[]';
create trigger videos_tell_left_out after update of left_out on videos
  for each row when (old.left_out is distinct from new.left_out) execute function tell_video_changed();
