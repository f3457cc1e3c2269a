-- One sheet of small pictures of a film that is whole; a film made before this, or of sound alone, has none.
create table storyboards (
  video_id text not null references videos on delete cascade,
  -- The film, by the attempt that began it.
  attempt integer not null,
  key text not null,
  every_seconds double precision not null check (every_seconds > 0),
  pictures integer not null check (pictures > 0),
  columns integer not null check (columns > 0),
  -- Of each picture, in pixels.
  width integer not null,
  height integer not null,
  primary key (video_id, attempt)
);
