-- How a person's videos are kept; who has no row has changed nothing.
create table settings (
  owner text primary key,
  keep_originals boolean not null
);
-- As its owner wished when it was sent: a later change is for later films.
alter table videos add column keep_original boolean not null default true;
