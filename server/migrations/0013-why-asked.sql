-- Why a run asks its user: because a stranger's text and other data have met in what its model has read, or by the rules
-- alone. Null where an MCP client asked, which knows what it has read and does not tell.
alter table approvals
  add column asked_because text check (asked_because in ('rules', 'text_of_strangers'));
