-- Shared by all services of a database. It may be there from before migrations of the bus were written down.

create table if not exists bus.subscriptions (
  topic text not null,
  consumer text not null,
  primary key (topic, consumer)
);

create table if not exists bus.deliveries (
  id bigint generated always as identity primary key,
  topic text not null,
  consumer text not null,
  event_id text not null,
  payload jsonb not null,
  traceparent text,
  attempts int not null default 0,
  next_at timestamptz not null,
  error text,
  dead_at timestamptz,
  unique (topic, consumer, event_id)
);
create index if not exists deliveries_due on bus.deliveries (topic, consumer, next_at) where dead_at is null;
