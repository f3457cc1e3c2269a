-- Jobs have lanes, so that nobody waits behind somebody else's long one; every upload is looked at first.
alter table jobs alter column lane set default 'look';
update jobs set lane = 'look' where lane = 'films';
