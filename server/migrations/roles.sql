-- The three roles. Idempotent: run by the set-up command as an administrator, and at the start of the embedded database.
-- chaveiro_app logs in and inherits nothing; it must switch, inside a transaction, to one of the other two.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['chaveiro_app', 'chaveiro_user', 'chaveiro_system'] loop
    begin
      if not exists (select from pg_roles where rolname = role_name) then
        execute format('create role %I nologin noinherit nosuperuser nobypassrls nocreatedb nocreaterole', role_name);
      end if;
    exception
      -- Another replica was faster.
      when duplicate_object or unique_violation then null;
    end;
  end loop;
  if not pg_has_role('chaveiro_app', 'chaveiro_user', 'member') then
    grant chaveiro_user to chaveiro_app;
  end if;
  if not pg_has_role('chaveiro_app', 'chaveiro_system', 'member') then
    grant chaveiro_system to chaveiro_app;
  end if;
end
$$;
