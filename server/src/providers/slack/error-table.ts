import type { ProblemCode } from '#kernel/problem.ts'

/** Code of ours, and what to do. Slack's own code is put behind it. */
export type PlatformProblem = readonly [code: ProblemCode, detail: string]

const again = 'Slack no longer accepts this connection. Do not retry; connect Slack again.'
const administrator = 'Slack does not allow it. Do not retry; a workspace administrator decides on it.'
const noChannel =
  'Slack has no such channel, or this connection cannot see it. Do not retry; check the name with slack_list_channels, or have the user be invited to it.'
const notMember =
  'This connection is not a member of that channel. Join it with slack_join_channel if it is public, or have the user be invited to it.'
const noMessage = 'Slack has no such message. Do not retry; take its link or its ts from slack_read_messages.'
const noUser = 'Slack has no such person, or this connection cannot see them. Check the name with slack_list_users.'
const tooLong = 'Slack refused the text because it is too long. Send it in shorter parts.'
const cursor = 'That start_cursor is not valid. Start again without it.'
const emoji =
  'Slack has no such emoji. Give its name without colons, for example thumbsup; custom ones must exist in the workspace.'
const bot =
  'Slack does not allow this with a bot token. Do not retry; connect Slack with a user token (by OAuth, or one that starts with xoxp-).'
const notThere = 'Slack does not offer this for that kind of conversation. Do not retry.'
const ours =
  'Slack did not understand the request, which is a fault of this server and not of the arguments. Do not retry.'
const late = 'Slack schedules messages from a moment ahead up to 120 days ahead. Give another time.'

/** Slack's codes of `ok: false` → what they mean here. Those not listed are taken for refused arguments. */
export const PLATFORM_PROBLEMS: Readonly<Record<string, PlatformProblem>> = {
  not_authed: ['reauthorize', again],
  invalid_auth: ['reauthorize', again],
  account_inactive: ['reauthorize', again],
  token_revoked: ['reauthorize', again],
  token_expired: ['reauthorize', again],
  invalid_token: ['reauthorize', again],
  org_login_required: ['reauthorize', again],
  two_factor_setup_required: ['forbidden_by_provider', 'Slack wants two-factor authentication to be set up first.'],

  no_permission: ['forbidden_by_provider', administrator],
  access_denied: ['forbidden_by_provider', administrator],
  accesslimited: ['forbidden_by_provider', administrator],
  ekm_access_denied: ['forbidden_by_provider', administrator],
  team_access_not_granted: ['forbidden_by_provider', administrator],
  enterprise_is_restricted: ['forbidden_by_provider', administrator],
  user_is_restricted: ['forbidden_by_provider', administrator],
  user_is_bot: ['forbidden_by_provider', bot],
  user_is_ultra_restricted: ['forbidden_by_provider', administrator],
  restricted_action: ['forbidden_by_provider', administrator],
  restricted_action_read_only_channel: ['forbidden_by_provider', administrator],
  restricted_action_thread_only_channel: [
    'forbidden_by_provider',
    'In that channel only replies are allowed. Use slack_reply_thread on a message.',
  ],
  restricted_action_thread_locked: ['forbidden_by_provider', 'That thread is locked. Do not retry.'],
  restricted_action_non_threadable_channel: ['forbidden_by_provider', 'That channel has no threads. Send a message.'],
  not_allowed_token_type: ['forbidden_by_provider', bot],
  method_not_supported_for_channel_type: ['invalid_arguments', notThere],
  is_archived: ['forbidden_by_provider', 'That channel is archived. Do not retry; somebody must unarchive it first.'],
  compliance_exports_prevent_deletion: ['forbidden_by_provider', administrator],
  cant_update_message: ['forbidden_by_provider', 'Only whoever wrote a message can change it. Do not retry.'],
  edit_window_closed: ['forbidden_by_provider', 'The time in which that message could be changed is over.'],
  cant_delete_message: ['forbidden_by_provider', 'Only whoever wrote a message can delete it. Do not retry.'],
  cannot_reply_to_message: ['forbidden_by_provider', 'That kind of message takes no replies.'],
  message_limit_exceeded: ['forbidden_by_provider', 'The workspace has reached its limit of messages.'],
  cannot_dm_bot: ['forbidden_by_provider', 'A bot takes no direct messages from this connection.'],
  user_disabled: ['forbidden_by_provider', 'That person has no active account any more.'],

  channel_not_found: ['not_found', noChannel],
  not_in_channel: ['not_found', notMember],
  message_not_found: ['not_found', noMessage],
  thread_not_found: ['not_found', noMessage],
  bad_timestamp: ['not_found', noMessage],
  user_not_found: ['not_found', noUser],
  users_not_found: ['not_found', noUser],
  user_not_visible: ['not_found', noUser],
  user_not_in_channel: ['not_found', notMember],

  invalid_cursor: ['invalid_arguments', cursor],
  invalid_limit: ['invalid_arguments', 'Slack refused the limit. Give a smaller one.'],
  invalid_name: ['invalid_arguments', emoji],
  too_many_emoji: ['invalid_arguments', 'That message has as many different reactions as Slack allows.'],
  too_many_reactions: ['invalid_arguments', 'That message has as many reactions of this user as Slack allows.'],
  no_text: ['invalid_arguments', 'The text is empty.'],
  msg_too_long: ['invalid_arguments', tooLong],
  too_long: ['invalid_arguments', tooLong],
  time_in_past: ['invalid_arguments', late],
  time_too_far: ['invalid_arguments', late],
  invalid_time: ['invalid_arguments', late],
  restricted_too_many: ['invalid_arguments', 'Slack takes no more scheduled messages for that channel at that time.'],
  duplicate_channel_not_found: ['not_found', noChannel],

  invalid_arguments: ['internal_error', ours],
  invalid_arg_name: ['internal_error', ours],
  invalid_form_data: ['internal_error', ours],
  invalid_post_type: ['internal_error', ours],
  missing_post_type: ['internal_error', ours],
  unknown_method: ['internal_error', ours],
  method_deprecated: ['internal_error', ours],
}
