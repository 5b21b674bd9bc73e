-- By which token or client a call came in, so that what each did can be told apart.
alter table tool_calls add column via_id text;

-- What was done in a stretch of time, and how much.
create index tool_calls_by_time on tool_calls (user_id, started_at);
create index runs_by_time on runs (user_id, started_at);
create index audit_events_by_time on audit_events (user_id, at);
