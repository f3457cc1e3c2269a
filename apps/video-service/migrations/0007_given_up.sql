-- Its owner gave up the original of a film: what was made of it stays.
alter table jobs add column given_up_at timestamptz;
-- A page that is open shows whether there is an original.
create trigger jobs_tell_original after update of archive_key, given_up_at on jobs
  for each row when (old.archive_key is distinct from new.archive_key or old.given_up_at is distinct from new.given_up_at)
  execute function tell_job_progress();
