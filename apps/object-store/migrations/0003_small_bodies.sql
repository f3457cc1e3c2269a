-- A small body lies in the row of its object: one commit makes it durable, where a file needs two syncs more. Kept apart
-- from the row by PostgreSQL where it is not tiny, so that listings read none of it; not compressed, films are.
alter table objects alter column file_id drop not null, add column body bytea;
alter table objects alter column body set storage external;
alter table objects add check ((file_id is null) <> (body is null)) not valid;

-- A bucket never goes away, and who stores is told whether there is one; here every object locked the one row of its bucket.
alter table objects drop constraint objects_bucket_fkey;
alter table uploads drop constraint uploads_bucket_fkey;
