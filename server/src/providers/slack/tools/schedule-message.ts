import { z } from 'zod'
import { MILLISECONDS_PER_SECOND, systemClock } from '#kernel/clock.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool } from '#providers/contract.ts'
import { findChannel } from '#providers/slack/channels.ts'
import type { SlackApi } from '#providers/slack/client.ts'
import { composeText } from '#providers/slack/mrkdwn.ts'
import { READ_USERS } from '#providers/slack/people.ts'
import { isTimeZone, readMoment, shownMoment } from '#providers/slack/times.ts'
import { mentions, PLAIN } from './send-messages.ts'

/** Slack schedules up to 120 days ahead (docs.slack.dev, chat.scheduleMessage). */
const LONGEST_AHEAD_MS = 120 * 24 * 60 * 60 * MILLISECONDS_PER_SECOND

export const scheduleMessage = defineTool({
  name: 'slack_schedule_message',
  title: { en: 'Schedule message', pt: 'Agendar mensagem' },
  description:
    "Send a message (Markdown) later, up to 120 days ahead. Times are those of the user's time zone at Slack.",
  input: z.strictObject({
    channel: z.string().min(1).describe('#name, id or link; @name for a direct message'),
    text: z.string().min(1),
    at: z.string().min(1).describe('like 2026-01-31 09:00, "in 2 hours", "tomorrow at 9am"'),
    mentions,
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
  needs: ['write_messages'],
  intent: {
    verbs: { en: ['schedule', 'send later', 'remind'], pt: ['agendar', 'programar', 'enviar depois', 'lembrar'] },
    nouns: { en: ['message', 'scheduled message'], pt: ['mensagem', 'mensagem agendada'] },
  },
  run: async (api: SlackApi, input) => {
    const text = await composeText(api, input.text, input.mentions)
    if (!text.ok) return text
    const timeZone = await ownTimeZone(api)
    const moment = readAhead(input.at, timeZone)
    if (!moment.ok) return moment
    const place = await findChannel(api, input.channel, true)
    if (!place.ok) return place
    const { id, label } = place.value
    const post_at = Math.floor(moment.value.getTime() / MILLISECONDS_PER_SECOND)
    const scheduled = await api.write(
      (slack) => slack.chat.scheduleMessage({ channel: id, text: text.value, post_at, ...PLAIN }),
      { scope: 'chat:write', check: 'Scheduled messages are listed in Slack under "Drafts & sent".' },
    )
    if (!scheduled.ok) return scheduled
    const at = shownMoment(moment.value, timeZone)
    const scheduled_message_id = scheduled.value.scheduled_message_id ?? null
    return success({
      text: `${api.words.scheduled(label, at)}${scheduled_message_id === null ? '' : ` (${scheduled_message_id})`}.`,
      value: { channel: id, scheduled_message_id, post_at, at },
    })
  },
})

/** The user's own time zone; UTC where Slack does not tell. */
async function ownTimeZone(api: SlackApi): Promise<string> {
  const who = await api.read((slack) => slack.auth.test(), { scope: 'none' })
  const user = who.ok ? who.value.user_id : undefined
  if (user === undefined) return 'UTC'
  const answer = await api.read((slack) => slack.users.info({ user }), READ_USERS)
  const zone = answer.ok ? answer.value.user?.tz : undefined
  return zone !== undefined && isTimeZone(zone) ? zone : 'UTC'
}

function readAhead(given: string, timeZone: string): Outcome<Date> {
  const now = systemClock.now()
  const moment = readMoment(given, { now, timeZone })
  const path = 'arguments.at'
  if (moment === undefined) {
    const example = 'Write it like 2026-01-31 09:00, "in 2 hours" or "tomorrow at 9am".'
    return failure('invalid_arguments', `That is no time that can be read. ${example}`, { path })
  }
  const ahead = moment.getTime() - now.getTime()
  if (ahead > 0 && ahead <= LONGEST_AHEAD_MS) return success(moment)
  const read = shownMoment(moment, timeZone)
  return failure('invalid_arguments', `${read} is not between now and 120 days ahead. Give another time.`, { path })
}
