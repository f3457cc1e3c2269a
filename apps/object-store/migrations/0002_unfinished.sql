-- Places in uploads' files. A place has one writer at a time, in all processes, until its time is over; for ever
-- (infinity) once a part lies there, which is never written over.
create table places (
  upload_id text not null references uploads (id) on delete cascade,
  number integer not null,
  claim text not null unique,
  until timestamptz not null,
  primary key (upload_id, number)
);
-- Parts that were being written stood here until now.
delete from parts where etag is null;
insert into places (upload_id, number, claim, until)
select upload_id, number, claim, 'infinity' from parts where file_id is null;

create index uploads_of_bucket on uploads (bucket, key, id);

-- What the checksum of the object is to be made of its parts', as whoever began the upload wants it.
alter table uploads add column checksum_algorithm text, add column checksum_type text;

-- Files that are being written and that no row needs yet, so that no sweep takes them. Nothing of it matters after a
-- crash but the room that a file takes, so it is not written to disk.
create unlogged table writing (
  file_id text primary key,
  until timestamptz not null
);

-- Files that no row needs any more, until they are off the disk.
create table discarded (
  file_id text primary key,
  at timestamptz not null
);
create index discarded_at on discarded (at);
