-- How often a lease of the job ran out: what is given up is what kills its workers, not what waited for room on a disk.
alter table jobs add column deaths integer not null default 0;
alter table frames add column deaths integer not null default 0;
