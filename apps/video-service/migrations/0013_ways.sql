-- Ways of making a film come one after the other; the second was a flag of its own, which the release before still sets.
alter table jobs add column way text not null default 'copy' check (way in ('copy', 'encode', 'picture', 'sound'));
update jobs set way = 'encode' where encode_anyway;
create function job_of_way() returns trigger language plpgsql as $$
begin
  new.way := 'encode';
  return new;
end $$;
create trigger jobs_way before update of encode_anyway on jobs
  for each row when (new.encode_anyway and new.way = 'copy') execute function job_of_way();
