/** Addresses of messages, as Slack makes them (docs.slack.dev, chat.getPermalink): made here, since it wants a request for each. */

export interface MessagePlace {
  /** Its id. */
  readonly channel: string
  readonly ts: string
  readonly threadTs?: string | undefined
}

const TEAM_URL = /^https:\/\/[a-z0-9.-]+\/$/i
const STAMP = /^\d{10}\.\d{6}$/

/**
 * @param teamUrl of the workspace, as `auth.test` names it
 * @returns null where there is no such address
 */
export function permalinkOf(teamUrl: string | undefined, { channel, ts, threadTs }: MessagePlace): string | null {
  if (teamUrl === undefined || !TEAM_URL.test(teamUrl) || !STAMP.test(ts)) return null
  const isReply = threadTs !== undefined && threadTs !== ts
  const thread = isReply && STAMP.test(threadTs) ? `?thread_ts=${threadTs}&cid=${channel}` : ''
  return `${teamUrl}archives/${channel}/p${ts.replace('.', '')}${thread}`
}
