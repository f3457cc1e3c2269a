-- Attempts at films, until nothing of them is left in the store: whoever watches one goes on, whatever became of it.
create table attempts (
  video_id text not null references videos on delete cascade,
  number integer not null,
  -- Until then somebody may be watching it; null where nobody ever could.
  watched_until timestamptz,
  -- Another one took its place, or nothing comes of it.
  superseded_at timestamptz,
  primary key (video_id, number)
);
create index attempts_superseded on attempts (superseded_at) where superseded_at is not null;
insert into attempts (video_id, number, superseded_at)
select j.video_id, n, case when n < j.attempt or j.state = 'failed' then now() end
from jobs j cross join lateral generate_series(1, j.attempt) n;

-- The release before says of no attempt that it begins.
create function job_of_attempt() returns trigger language plpgsql as $$
begin
  insert into attempts (video_id, number) values (new.video_id, new.attempt) on conflict do nothing;
  return null;
end $$;
create trigger jobs_attempt after update of attempt on jobs for each row execute function job_of_attempt();
