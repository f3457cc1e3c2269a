-- An attempt goes on with the film of those before it where that would be made in the same way.
alter table attempts add column recipe text;
-- The film that an attempt works on, by the attempt that began it; null is its own.
alter table attempts add column film integer;
-- By the film's clock, in seconds; unknown of the release before.
alter table segments add column begins double precision;
-- What is planned is announced before anything of it is there.
alter table renditions alter column init_key drop not null;
