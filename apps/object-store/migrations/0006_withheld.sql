-- Folders of keys whose URLs were called back: nothing below one is given to whoever holds a URL.
create table withheld (
  bucket text collate "C" not null,
  -- Ends with a slash, so that each is found by its own name, however many there are.
  prefix text collate "C" not null,
  at timestamptz not null,
  primary key (bucket, prefix)
);
create index withheld_at on withheld (at);
