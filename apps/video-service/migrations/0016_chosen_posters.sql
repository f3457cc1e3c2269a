-- The moment of a film that its owner chose for its poster, in seconds; null is the automatic one.
alter table videos add column poster_at double precision check (poster_at >= 0);
-- Counts choices: of two the later one counts.
alter table videos add column poster_choice integer not null default 0;
-- The picture of a choice, and which one that was. Until the latest is made, the one before is shown.
alter table videos add column poster_made integer;
alter table videos add column chosen_poster_key text;
-- When a worker was last woken for it.
alter table videos add column poster_woken_at timestamptz;
create index videos_poster_waiting on videos (poster_woken_at)
  where poster_at is not null and poster_made is distinct from poster_choice;
create trigger videos_tell_chosen_poster after update of poster_at, poster_choice, chosen_poster_key on videos
  for each row execute function tell_video_changed();
