-- What an auditor asks for, written in the transaction that made it true. Ids, sizes and codes; no name, no address.
create table audit (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  event text not null,
  fields jsonb not null,
  traceparent text
);
create index audit_event on audit (event, at);
