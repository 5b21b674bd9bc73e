-- What a user decided about a tool for one agent alone.
create table agent_tool_policies (
  user_id integer not null references users (id) on delete cascade,
  -- A shared agent belongs to another user, so the pair is its own.
  agent_user_id integer not null,
  agent_id integer not null,
  tool text not null,
  decision text not null check (decision in ('allow', 'ask', 'deny')),
  updated_at timestamptz not null default now(),
  primary key (user_id, agent_id, tool),
  foreign key (agent_user_id, agent_id) references agents (user_id, id) on delete cascade
);
create index agent_tool_policies_agent on agent_tool_policies (agent_user_id, agent_id);
create trigger agent_tool_policies_changed after insert or update or delete on agent_tool_policies
  for each row execute function notify_policy_changed();
alter table agent_tool_policies enable row level security;
alter table agent_tool_policies force row level security;
create policy system_all on agent_tool_policies to chaveiro_system using (true) with check (true);
create policy own_rows on agent_tool_policies to chaveiro_user
  using (user_id = nullif(current_setting('app.user_id', true), '')::integer)
  with check (user_id = nullif(current_setting('app.user_id', true), '')::integer);
grant select, insert, update, delete on agent_tool_policies to chaveiro_user, chaveiro_system;

-- Text as it is searched: without capitals and the accents of the languages of the console.
create function folded(text) returns text language sql immutable strict parallel safe as $$
  select translate(lower($1), 'áàâãäéèêëíìîïóòôõöúùûüçñ', 'aaaaaeeeeiiiiooooouuuucn')
$$;

alter table messages
  -- The run whose turn stands in the place of this message. It stays to be audited, and is no part of the conversation.
  add column replaced_by_run_id integer,
  -- What was said, without calls and their results.
  add column searched text generated always as (
    folded(jsonb_path_query_array(parts, '$[*] ? (@.type == "text").text')::text)
  ) stored;
