-- Copying was tried and gave no film that plays: it is encoded.
alter table jobs add column encode_anyway boolean not null default false;
