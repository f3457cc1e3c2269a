-- Jobs are worked on by the platform's work machine: whose they are, in which lane, and from when on.
alter table jobs add column owner text not null default '';
alter table jobs add column lane text not null default 'films';
alter table jobs add column ready_at timestamptz not null default now();
update jobs set owner = videos.owner from videos where videos.id = jobs.video_id;
alter table jobs drop constraint jobs_state_check;
alter table jobs add constraint jobs_state_check check (state in ('waiting', 'running', 'done', 'failed', 'cancelled'));
create index jobs_waiting on jobs (lane, ready_at) where state = 'waiting';
create index jobs_running on jobs (lease_until, id) where state = 'running';

-- The release before does not name the owner.
create function job_of_owner() returns trigger language plpgsql as $$
begin
  new.owner := (select owner from videos where id = new.video_id);
  return new;
end $$;
create trigger jobs_owner before insert on jobs for each row when (new.owner = '') execute function job_of_owner();

-- Live views of everything hear one channel: `owner topic id`. The release before hears its own.
create or replace function tell_video_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform pg_notify('video_changed', old.owner || ' ' || old.id);
    perform pg_notify('live', old.owner || ' videos ' || old.id);
  else
    perform pg_notify('video_changed', new.owner || ' ' || new.id);
    perform pg_notify('live', new.owner || ' videos ' || new.id);
  end if;
  return null;
end $$;

create or replace function tell_job_progress() returns trigger language plpgsql as $$
begin
  perform pg_notify('video_changed', owner || ' ' || id), pg_notify('live', owner || ' videos ' || id)
  from videos where id = new.video_id;
  return null;
end $$;
