-- Cached policies are dropped on every replica as soon as one of them changes.
create function notify_policy_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('policy_changed', coalesce(new.user_id, old.user_id)::text);
  return null;
end
$$;
create trigger tool_policies_changed after insert or update or delete on tool_policies
  for each row execute function notify_policy_changed();
