-- What a disk is short of, where that is why a job waits.
alter table videos add column problem_missing bigint;
alter table frames add column problem_missing bigint;
-- Workers that died over a job: waiting for room, often and long, is none of a film's fault.
alter table jobs add column deaths integer not null default 0;
alter table frames add column deaths integer not null default 0;
