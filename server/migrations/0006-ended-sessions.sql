-- What stays open for somebody who is signed in is closed on every replica when they sign out.
create trigger sessions_ended after delete on sessions
  for each row execute function notify_principal_changed();
