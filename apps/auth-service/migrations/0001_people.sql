-- A person may have a sub in each pool. Names and e-mails live in the pool alone.
-- The CPF is what was typed: it is not unique, because nobody has proven it.
create table people (
  id uuid primary key,
  cpf_hmac bytea,
  cpf_hmac_key text,
  cpf_cipher bytea,
  cpf_cipher_key text,
  created_at timestamptz not null,
  check (num_nonnulls(cpf_hmac, cpf_hmac_key, cpf_cipher, cpf_cipher_key) in (0, 4))
);
create index people_cpf on people (cpf_hmac_key, cpf_hmac);

create table identities (
  pool text not null,
  sub text not null,
  person uuid not null references people (id),
  created_at timestamptz not null,
  primary key (pool, sub)
);
create index identities_person on identities (person);
