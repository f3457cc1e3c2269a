-- What all processes have counted: each adds what it counted since its last heartbeat, so that a worker without a port
-- and the pool are in everybody's /metrics.
create table counters (
  name text not null,
  -- JSON, its names in order: the same labels are the same row.
  labels text not null,
  help text not null,
  value bigint not null,
  primary key (name, labels)
);
