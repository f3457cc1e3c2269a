-- Keys are compared as bytes of UTF-8, as S3 lists them.
create table buckets (
  name text collate "C" primary key,
  created_at timestamptz not null
);

create table objects (
  bucket text collate "C" not null references buckets (name),
  key text collate "C" not null,
  -- The name of the file that holds the bytes; a file belongs to one row.
  file_id text not null unique,
  size bigint not null,
  etag text not null,
  content_type text not null,
  -- Other headers that come back as they were sent: cache-control, x-amz-meta-….
  headers jsonb not null,
  -- Of the whole object, by algorithm, in base64: {"CRC32": "…"}.
  checksums jsonb not null,
  -- The multipart upload that made it, so that completing it again gets the same answer.
  upload_id text,
  created_at timestamptz not null,
  primary key (bucket, key)
);

create table uploads (
  id text primary key,
  bucket text collate "C" not null references buckets (name),
  key text collate "C" not null,
  content_type text not null,
  headers jsonb not null,
  -- With a part size, part n lies at (n - 1) * part_size of this one file; without, each part has a file.
  part_size bigint,
  file_id text unique,
  created_at timestamptz not null
);
create index on uploads (created_at);

create table parts (
  upload_id text not null references uploads (id) on delete cascade,
  number integer not null,
  -- Of whoever writes or wrote these bytes: a writer that was replaced finds another one's.
  claim text not null,
  -- Until then nobody else may write to the same place of the file; null once the part is there.
  writing_until timestamptz,
  -- Null where the part lies in the upload's file.
  file_id text unique,
  size bigint,
  -- MD5 in hexadecimal; null while the part is being written.
  etag text,
  checksums jsonb,
  created_at timestamptz not null,
  primary key (upload_id, number)
);
