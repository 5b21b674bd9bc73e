/** A channel in which Ana and Bruno are. */
export const GENERAL = 'C0GENERAL1'
/** Ana's first message there. */
export const MESSAGE = { message: 'https://acme.slack.com/archives/C0GENERAL1/p1700000000000100' }

/** One call of every tool, about things of Acme. */
export const CALLS: readonly (readonly [string, Record<string, unknown>])[] = [
  ['slack_list_channels', {}],
  ['slack_get_channel', { channel: GENERAL }],
  ['slack_read_messages', { channel: GENERAL }],
  ['slack_read_thread', MESSAGE],
  ['slack_search_messages', { query: 'secret' }],
  ['slack_send_message', { channel: GENERAL, text: 'X' }],
  ['slack_reply_thread', { ...MESSAGE, text: 'X' }],
  ['slack_schedule_message', { channel: GENERAL, text: 'X', at: 'in 1 hour' }],
  ['slack_update_message', { ...MESSAGE, text: 'X' }],
  ['slack_delete_message', MESSAGE],
  ['slack_add_reaction', { ...MESSAGE, emoji: 'tada' }],
  ['slack_remove_reaction', { ...MESSAGE, emoji: 'tada' }],
  ['slack_join_channel', { channel: GENERAL }],
  ['slack_set_topic', { channel: GENERAL, topic: 'X' }],
  ['slack_list_users', {}],
  ['slack_get_user', { user: 'U0BRUNO01' }],
]
