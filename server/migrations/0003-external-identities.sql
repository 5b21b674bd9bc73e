-- Users whom an issuer that the operator trusts knows by a subject. Looked up before a user is known, so by the system role.
-- A row outlives its user, so that whoever was deleted here does not come back by themselves with their next token.

create table external_identities (
  id integer generated always as identity primary key,
  issuer text not null,
  subject text not null,
  user_id integer references users (id) on delete set null,
  created_at timestamptz not null default now(),
  constraint external_identities_once unique (issuer, subject)
);
create index external_identities_user_id on external_identities (user_id);

alter table external_identities enable row level security;
alter table external_identities force row level security;
create policy system_all on external_identities to chaveiro_system using (true) with check (true);
grant select, insert on external_identities to chaveiro_system;
-- Whoever signs up first owns the instance, and users of issuers do not count as first.
create policy first_user on external_identities for select to chaveiro_app using (true);
grant select (user_id) on external_identities to chaveiro_app;
