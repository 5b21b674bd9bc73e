-- Approvals that MCP clients ask for: bound to the client, and to no run.
alter table approvals
  alter column tool_call_id drop not null,
  -- How the client came in and by which token, as the caller of a request is known: oauth_client and its id, for example.
  add column client_kind text,
  add column client_id text,
  -- What the call is about, for the person who decides: a title as the provider gave it.
  add column target text,
  add constraint approvals_of_run_or_client check (
    (client_kind is null and client_id is null)
    or (client_kind is not null and client_id is not null and run_id is null and tool_call_id is null)
  );
create index approvals_by_client on approvals (user_id, client_kind, client_id, arguments_digest)
  where client_kind is not null and status in ('pending', 'approved', 'denied');
