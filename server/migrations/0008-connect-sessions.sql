-- Links by which somebody without a session here connects one provider for one user, once: made by a program with that
-- user's token, and known by the hash of what the link holds.
create table connect_sessions (
  id integer generated always as identity unique,
  user_id integer not null references users (id) on delete cascade,
  -- SHA-256 of the token in the link.
  token_hash text not null unique,
  provider varchar(50) not null,
  -- Address of the remote server, where it is one.
  server_url text,
  return_to text not null,
  language text check (language in ('en', 'pt')),
  -- Which session, token or client made it: it counts no longer than that one does.
  made_by text not null check (made_by in ('session', 'api_token', 'oauth_client', 'external_jwt')),
  made_by_id text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- When it connected something, or its user ended it.
  used_at timestamptz,
  primary key (user_id, id)
);
create index connect_sessions_expiry on connect_sessions (expires_at);

alter table connect_sessions enable row level security;
alter table connect_sessions force row level security;
create policy system_all on connect_sessions to chaveiro_system using (true) with check (true);
create policy own_rows on connect_sessions to chaveiro_user
  using (user_id = nullif(current_setting('app.user_id', true), '')::integer)
  with check (user_id = nullif(current_setting('app.user_id', true), '')::integer);
grant select, insert, update, delete on connect_sessions to chaveiro_user, chaveiro_system;
