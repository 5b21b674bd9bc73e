-- What points to a row is found by it: where an answer is read by its run, and where a run, a conversation, an agent or a whole
-- account is deleted, which took a time that grew with the square of what there was.
create index messages_by_run on messages (user_id, run_id);
create index approvals_by_run on approvals (user_id, run_id) where run_id is not null;
create index approvals_by_thread on approvals (user_id, thread_id) where thread_id is not null;
create index threads_by_agent on threads (agent_user_id, agent_id) where agent_id is not null;
