-- Connections that a user allowed at the provider, instead of pasting a key, and how each of them is doing.
alter table mcp_connections
  add column method text not null default 'api_key' check (method in ('api_key', 'oauth2', 'none')),
  add column status_since timestamptz not null default now(),
  add column last_success_at timestamptz,
  add column last_error_at timestamptz,
  -- In words, as shown to the user. Never a part of a credential.
  add column last_error text,
  -- When its tokens are renewed ahead of their end; null where they do not end or cannot be renewed.
  add column refresh_at timestamptz,
  -- When the provider was last asked, by a user or in the background, whether the credential still works.
  add column checked_at timestamptz,
  -- Who has asked the provider for new tokens and not kept the answer yet: nobody else asks meanwhile.
  add column renewal_claim text;
create index mcp_connections_refresh on mcp_connections (refresh_at) where refresh_at is not null and status = 'connected';
create index mcp_connections_checked on mcp_connections (checked_at nulls first) where status = 'connected';

create function note_status_change() returns trigger language plpgsql as $$
begin
  new.status_since = now();
  return new;
end
$$;
create trigger mcp_connections_status before update of status on mcp_connections
  for each row when (old.status is distinct from new.status) execute function note_status_change();

-- A round trip to a provider that has begun: sealed, single use, ten minutes, of one user in one browser session.
create table authorization_transactions (
  id integer generated always as identity unique,
  user_id integer not null references users (id) on delete cascade,
  -- SHA-256 of the state parameter, which alone leads here.
  state_hash text not null unique,
  provider varchar(50) not null,
  -- SHA-256 of what the browser session holds.
  session_hash text not null,
  encrypted_transaction text not null,
  binding_tag text not null,
  key_id text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (user_id, id)
);
create index authorization_transactions_expiry on authorization_transactions (expires_at);
create index authorization_transactions_key_id on authorization_transactions (key_id);

-- The operator's apps: by provider, or by the issuer of a remote server's authorization server.
create table provider_apps (
  provider text primary key,
  client_id text not null,
  encrypted_secret text not null,
  binding_tag text not null,
  key_id text not null,
  version integer not null default 1,
  updated_by integer references users (id) on delete set null,
  updated_at timestamptz not null default now()
);
create index provider_apps_key_id on provider_apps (key_id);

-- Providers that the owner has cut off.
create table provider_blocks (
  provider text primary key,
  reason text not null default '',
  blocked_by integer references users (id) on delete set null,
  blocked_at timestamptz not null default now()
);
create function notify_provider_blocked() returns trigger language plpgsql as $$
begin
  perform pg_notify('provider_blocked', '');
  return null;
end
$$;
create trigger provider_blocks_changed after insert or update or delete on provider_blocks
  for each row execute function notify_provider_blocked();

-- Remote MCP servers that a user connected; the credential lies in the connection.
create table upstream_servers (
  user_id integer not null references users (id) on delete cascade,
  connection_id integer not null,
  url text not null,
  -- Leads the names of its tools.
  prefix varchar(40) not null,
  created_at timestamptz not null default now(),
  primary key (user_id, connection_id),
  unique (user_id, prefix),
  foreign key (user_id, connection_id) references mcp_connections (user_id, id) on delete cascade
);

-- Its tools, as they were when the user accepted them, and as the server says now where that differs.
create table upstream_tools (
  user_id integer not null references users (id) on delete cascade,
  connection_id integer not null,
  -- As the server calls it.
  name text not null,
  definition jsonb not null,
  -- SHA-256 of the canonical definition.
  digest text not null,
  changed_definition jsonb,
  changed_digest text,
  changed_at timestamptz,
  -- The server no longer has it.
  removed_at timestamptz,
  accepted_at timestamptz not null default now(),
  primary key (user_id, connection_id, name),
  foreign key (user_id, connection_id) references upstream_servers (user_id, connection_id) on delete cascade
);
create function notify_upstream_tools_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('upstream_tools_changed', coalesce(new.user_id, old.user_id)::text);
  return null;
end
$$;
create trigger upstream_tools_changed after insert or update or delete on upstream_tools
  for each row execute function notify_upstream_tools_changed();

do $$
declare
  table_name text;
begin
  foreach table_name in array array['authorization_transactions', 'upstream_servers', 'upstream_tools'] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('alter table %I force row level security', table_name);
    execute format('create policy system_all on %I to chaveiro_system using (true) with check (true)', table_name);
    execute format(
      'create policy own_rows on %I to chaveiro_user
         using (user_id = nullif(current_setting(''app.user_id'', true), '''')::integer)
         with check (user_id = nullif(current_setting(''app.user_id'', true), '''')::integer)',
      table_name);
    execute format('grant select, insert, update, delete on %I to chaveiro_user, chaveiro_system', table_name);
  end loop;
end
$$;

-- The operator's own, no user's: read before a user's row is known, and by every replica.
grant select, insert, update, delete on provider_apps, provider_blocks to chaveiro_app, chaveiro_system;
