-- What stands behind `?` in the address of a remote server may be a key: it stays in the sealed credential alone, where the
-- whole address has always been. Two queries at one address are told apart by a fingerprint.
-- The owner of a table that forces row-level security sees no rows of it.
alter table mcp_connections no force row level security;
update mcp_connections
  set account_id = split_part(account_id, '?', 1) || '#' || left(encode(sha256(convert_to(account_id, 'UTF8')), 'hex'), 10),
    metadata = jsonb_set(metadata, '{account,url}', to_jsonb(split_part(account_id, '?', 1)))
  where provider = 'upstream' and position('?' in account_id) > 0;
alter table mcp_connections force row level security;
alter table upstream_servers no force row level security;
update upstream_servers set url = split_part(url, '?', 1) where position('?' in url) > 0;
alter table upstream_servers force row level security;

-- Names this installation. What lies on a disk for its database says whose it is, so that a copied folder moves nothing.
create table installation (
  id uuid not null default gen_random_uuid(),
  is_only boolean not null default true primary key check (is_only)
);
insert into installation default values;
grant select on installation to chaveiro_app, chaveiro_system;
