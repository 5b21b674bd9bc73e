-- The authorization server for MCP clients.

-- Codes, refresh tokens, interactions and consents of the OAuth library, found by the SHA-256 of their identifier. The payload is
-- encrypted under a key that is derived from the identifier itself, so that whoever holds a dump can neither use nor read them.
create table oauth_records (
  model text not null,
  id_hash text not null,
  payload text not null,
  -- What belongs to one consent, so that a whole family can be ended at once.
  grant_hash text,
  consumed_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (model, id_hash)
);
create index oauth_records_grant on oauth_records (grant_hash) where grant_hash is not null;
create index oauth_records_expires on oauth_records (expires_at);

-- Clients that registered themselves. A client secret is kept as its SHA-256, inside the metadata.
create table oauth_clients (
  client_id text primary key,
  metadata jsonb not null,
  created_at timestamptz not null default now(),
  -- Null until a user has let the client in once.
  last_used_at timestamptz,
  expires_at timestamptz not null
);
create index oauth_clients_expires on oauth_clients (expires_at);

-- A user's recorded, revocable consent to a client.
create table oauth_grants (
  user_id integer not null references users (id) on delete cascade,
  id integer generated always as identity unique,
  client_id text not null,
  client_name text not null,
  client_host text not null,
  scopes text[] not null,
  -- Null: every connection of the user, later ones too.
  connection_ids integer[],
  grant_hash text not null unique,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (user_id, id)
);
create index oauth_grants_expires on oauth_grants (expires_at);

-- What signs access tokens. The private half is sealed by the vault.
create table oauth_signing_keys (
  id integer generated always as identity primary key,
  kid text not null unique,
  public_key jsonb not null,
  encrypted_key text not null,
  version integer not null default 1,
  binding_tag text not null,
  key_id text not null,
  created_at timestamptz not null default now(),
  -- When it stopped signing; it is published until the last token that it signed has expired.
  retired_at timestamptz
);
create index oauth_signing_keys_key_id on oauth_signing_keys (key_id);
-- One key signs at a time, however many replicas start at once.
create unique index oauth_signing_keys_one_active on oauth_signing_keys ((true)) where retired_at is null;

-- A cached grant is dropped on every replica as soon as it changes; a use is no change.
create trigger oauth_grants_changed after update of scopes, connection_ids, expires_at, revoked_at or delete on oauth_grants
  for each row execute function notify_principal_changed();

create function notify_signing_keys_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('signing_keys_changed', '');
  return null;
end
$$;
create trigger oauth_signing_keys_changed after insert or delete or update of retired_at on oauth_signing_keys
  for each row execute function notify_signing_keys_changed();

alter table oauth_grants enable row level security;
alter table oauth_grants force row level security;
create policy system_all on oauth_grants to chaveiro_system using (true) with check (true);
create policy own_rows on oauth_grants to chaveiro_user
  using (user_id = nullif(current_setting('app.user_id', true), '')::integer)
  with check (user_id = nullif(current_setting('app.user_id', true), '')::integer);
grant select, insert, update, delete on oauth_grants to chaveiro_user, chaveiro_system;

-- Looked up by secret or by a client's public name, before a user is known.
grant select, insert, update, delete on oauth_records, oauth_clients to chaveiro_app, chaveiro_system;
grant select, insert, update, delete on oauth_signing_keys to chaveiro_system;
