-- Requests for images that ended and below whose prefix something may lie that is not their ZIP.
alter table frames add column tidied_at timestamptz;
create index frames_untidy on frames (updated_at)
  where state in ('done', 'failed', 'cancelled') and (tidied_at is null or tidied_at < updated_at);
