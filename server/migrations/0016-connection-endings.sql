-- How often all connections of a user were ended at once. What was under way to a new one meanwhile compares it with the
-- number that it began under, and stores nothing where it has moved on.
create table connection_endings (
  user_id integer primary key references users (id) on delete cascade,
  endings integer not null
);
alter table connection_endings enable row level security;
alter table connection_endings force row level security;
create policy system_all on connection_endings to chaveiro_system using (true) with check (true);
create policy own_rows on connection_endings to chaveiro_user
  using (user_id = nullif(current_setting('app.user_id', true), '')::integer)
  with check (user_id = nullif(current_setting('app.user_id', true), '')::integer);
grant select, insert, update, delete on connection_endings to chaveiro_user, chaveiro_system;

-- Looked at in the transaction that stores a connection: whether its user has been suspended, and its provider cut off.
grant select (banned, ban_expires) on users to chaveiro_user;
grant select (provider, reason, blocked_at) on provider_blocks to chaveiro_user;
