import type { IdGenerator } from '../core/ids.ts'
import type { Settings } from '../core/settings.ts'
import { plainRichText } from '../core/rich-text.ts'
import type { BlockNode, JsonObject } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { newBlock, place, referenceTo, touch, type Origin } from '../state/tree.ts'

/** A recording that is being turned into notes. */
export interface MeetingWork {
  blockId: string
  /** Who asked for it. */
  botId: string
  filename: string
  summarizes: boolean
  /** Milliseconds since the epoch. */
  startedAt: number
}

/** The parts of a meeting notes block, and the member that names the block of each. */
const PARTS = ['summary', 'notes', 'transcript'] as const

/** A new meeting notes block, not yet placed, whose recording is about to be listened to. */
export function newMeeting(origin: Origin, parent: Parameters<typeof newBlock>[1], title: string): BlockNode {
  const meeting = newBlock(origin, parent, 'meeting_notes', {})
  const children: JsonObject = {}
  for (const part of PARTS) {
    // Notion's own blocks for the parts are of no type that the API tells.
    const block = newBlock(origin, referenceTo(meeting), 'unsupported', {})
    place(meeting, [block], 'end')
    children[`${part}_block_id`] = block.id
  }
  const start = new Date(origin.now).toISOString()
  meeting.payload = {
    title: plainRichText(title),
    status: 'transcription_in_progress',
    children,
    recording: { start_time: start, end_time: start },
  }
  return meeting
}

/** What time has brought: the transcript comes first, the summary after it. */
export function settleMeetings(moment: { state: State; settings: Settings; newId: IdGenerator; now: number }): void {
  const { state, settings, now } = moment
  for (const work of state.meetings.values()) {
    const steps = Math.floor((now - work.startedAt) / Math.max(1, settings.meetingStepMs))
    const meeting = state.nodes.get(work.blockId)
    if (meeting?.kind !== 'block') state.meetings.delete(work.blockId)
    else if (steps >= 2 || (steps === 1 && !work.summarizes)) finish(moment, work, meeting)
    else if (steps === 1) meeting.payload = { ...meeting.payload, status: 'summary_in_progress' }
  }
}

/** The emulator cannot listen: it writes down what it would have listened to. */
function finish(moment: Parameters<typeof settleMeetings>[0], work: MeetingWork, meeting: BlockNode): void {
  const { state, newId, now } = moment
  const origin: Origin = { state, newId, workspaceId: meeting.workspaceId, userId: work.botId, now, indexDelayMs: 0 }
  const written = work.summarizes ? ['summary', 'transcript'] : ['transcript']
  for (const part of written) {
    const children = meeting.payload['children'] as Record<string, string>
    const block = state.nodes.get(children[`${part}_block_id`] ?? '')
    if (block === undefined) continue
    const text = plainRichText(`emulator: ${part} of ${work.filename}`)
    place(
      block,
      [newBlock(origin, referenceTo(block), 'paragraph', { rich_text: text, icon: null, color: 'default' })],
      'end',
    )
  }
  meeting.payload = { ...meeting.payload, status: 'notes_ready' }
  touch(origin, meeting)
  state.meetings.delete(work.blockId)
}
