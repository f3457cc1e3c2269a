-- Its owner gave up the original of a film: what was made of it stays.
alter table jobs add column given_up_at timestamptz;
