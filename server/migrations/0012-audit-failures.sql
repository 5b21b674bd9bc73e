-- What failed or was denied on the whole instance, newest first: few among very many.
create index audit_events_failures on audit_events (id desc) where outcome <> 'success';
