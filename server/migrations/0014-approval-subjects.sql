-- What a call would touch, for the person who decides: the titles of what its arguments name, and the texts that it replaces,
-- as the provider gave them when the question was asked.
alter table approvals add column about jsonb;
