-- Renditions of a film that is whole: bytes of few objects, told in one row each instead of one for every segment.
create table packed_renditions (
  video_id text not null,
  attempt integer not null,
  name text not null,
  key text not null,
  init_start bigint not null,
  init_size bigint not null,
  -- Of the segments, in order.
  starts bigint[] not null,
  sizes bigint[] not null,
  durations double precision[] not null,
  primary key (video_id, attempt, name),
  foreign key (video_id, attempt, name) references renditions on delete cascade,
  check (cardinality(starts) = cardinality(sizes) and cardinality(sizes) = cardinality(durations))
);

-- Until then somebody may be watching a packed film by its loose segments, as they were told while it was made; null
-- where there are none any more, and where nothing is packed.
alter table attempts add column loose_until timestamptz;
create index attempts_loose on attempts (loose_until) where loose_until is not null;
