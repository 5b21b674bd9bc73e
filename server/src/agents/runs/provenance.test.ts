import type { UIMessage } from 'ai'
import { describe, expect, it } from 'vitest'
import { carriesOutside, noteCall, provenanceOf } from './provenance.ts'

const NOTES = 1
const STRANGER = 7
const OTHER_STRANGER = 8
const source = { kind: 'remote_server', host: 'evil.example' } as const
const HUB = 3
const connection = (id: number) => ({ id, provider: 'any', label: 'any' })
const reads = { readOnly: true, destructive: false, idempotent: true, openWorld: false }
const writes = { readOnly: false, destructive: true, idempotent: false, openWorld: false }
const tools = [
  { name: 'notes_read', annotations: reads },
  { name: 'evil_read', annotations: { ...reads, openWorld: true }, connection_id: STRANGER },
  { name: 'hub_read', annotations: { ...reads, openWorld: true } },
  { name: 'hub_write', annotations: { ...writes, openWorld: true } },
]

const readNotes = { tool: 'notes_read', output: { connection: connection(NOTES) } }
const readStranger = { tool: 'evil_read', output: { connection: connection(STRANGER), source } }

function after(...calls: Parameters<typeof noteCall>[2][]) {
  const provenance = provenanceOf([], tools)
  for (const call of calls) noteCall(provenance, tools, call)
  return provenance
}

describe('whether a call waits because of what was read before', () => {
  it('does not, before private data and a stranger’s text have met', () => {
    for (const provenance of [after(), after(readNotes), after(readStranger), after(readStranger, readStranger)]) {
      expect(carriesOutside(provenance, { annotations: writes })).toBe(false)
      expect(carriesOutside(provenance, { annotations: writes, connection_id: STRANGER })).toBe(false)
    }
  })

  it('does once they have, in whichever order', () => {
    for (const provenance of [after(readNotes, readStranger), after(readStranger, readNotes)]) {
      expect(carriesOutside(provenance, { annotations: writes })).toBe(true)
      expect(carriesOutside(provenance, { annotations: writes, connection_id: STRANGER })).toBe(true)
    }
  })

  it('does for a stranger’s tool that is said to read: its arguments leave all the same', () => {
    const provenance = after(readNotes, readStranger)
    expect(carriesOutside(provenance, { annotations: reads, connection_id: STRANGER })).toBe(true)
    expect(carriesOutside(provenance, { annotations: reads, connection_id: OTHER_STRANGER })).toBe(true)
    expect(carriesOutside(provenance, { annotations: reads })).toBe(false)
  })

  it('does between two strangers: what is private at one is nothing for the other', () => {
    const other = { tool: 'other_read', output: { connection: connection(OTHER_STRANGER), source } }
    expect(carriesOutside(after(readStranger, other), { annotations: writes })).toBe(true)
  })

  it('counts the words of a failure as the stranger’s, and no data of a failure', () => {
    const failed = { tool: 'evil_read', output: null }
    expect(carriesOutside(after(readNotes, failed), { annotations: writes })).toBe(true)
    expect(carriesOutside(after({ tool: 'notes_read', output: null }, readStranger), { annotations: writes })).toBe(
      false,
    )
  })

  it('takes what is among the tools no more for a stranger’s', () => {
    expect(carriesOutside(after(readNotes, { tool: 'gone', output: null }), { annotations: writes })).toBe(true)
  })
})

describe('a provider in which strangers write', () => {
  const hub = (place?: string | null) => ({
    tool: 'hub_read',
    output: {
      connection: connection(HUB),
      source: { kind: 'open_world' as const, ...(place === undefined ? {} : { place }) },
    },
  })
  const wrote = { tool: 'hub_write', output: { connection: connection(HUB) } }
  const waits = (...calls: Parameters<typeof after>) => carriesOutside(after(...calls), { annotations: writes })

  it('makes what comes after wait, once other data was read', () => {
    expect(waits(hub('public/site'))).toBe(false)
    expect(waits(hub('public/site'), readNotes)).toBe(true)
    expect(waits(readNotes, hub('public/site'))).toBe(true)
    expect(waits(readNotes, hub())).toBe(true)
  })

  it('is as many origins as it has places: who writes in one does not know the others', () => {
    expect(waits(hub('public/site'), hub('public/site'))).toBe(false)
    expect(waits(hub('public/site'), hub('private/plans'))).toBe(true)
    expect(waits(hub(), hub('public/site'))).toBe(true)
    expect(waits(hub(), hub())).toBe(false)
  })

  it('makes it wait after one result that mixes places, and after one whose place was not recorded', () => {
    expect(waits(hub(null))).toBe(true)
    expect(waits({ tool: 'hub_read', output: { connection: connection(HUB) } })).toBe(true)
  })

  it('may be written to again and again, as what it answers to a change is in our words', () => {
    expect(waits(wrote, hub('public/site'), wrote)).toBe(false)
    expect(waits(wrote, readNotes)).toBe(false)
  })

  it('tells its failures in our words', () => {
    expect(waits(readNotes, { tool: 'hub_read', output: null })).toBe(false)
  })

  it('is read without a question, whatever was read before', () => {
    const provenance = after(readNotes, hub('public/site'))
    expect(carriesOutside(provenance, { annotations: { ...reads, openWorld: true } })).toBe(false)
  })
})

describe('the provenance of a conversation', () => {
  const part = (toolName: string, more: object) => ({
    type: 'dynamic-tool',
    toolName,
    toolCallId: toolName,
    input: {},
    ...more,
  })
  const message = (...parts: object[]): UIMessage => ({
    id: 'm',
    role: 'assistant',
    parts: parts as UIMessage['parts'],
  })

  it('is read from what was recorded, so that it outlives the process', () => {
    const provenance = provenanceOf(
      [
        message(
          { type: 'text', text: 'hello' },
          part('notes_read', { state: 'output-available', output: readNotes.output }),
        ),
        message(part('evil_read', { state: 'output-available', output: readStranger.output })),
      ],
      tools,
    )
    expect(carriesOutside(provenance, { annotations: writes })).toBe(true)
  })

  it('knows failures by their tool, and nothing of calls that never ran', () => {
    const failed = part('evil_read', { state: 'output-error', errorText: 'x' })
    const denied = part('evil_read', { state: 'output-denied' })
    const read = part('notes_read', { state: 'output-available', output: readNotes.output })
    expect(carriesOutside(provenanceOf([message(read, failed)], tools), { annotations: writes })).toBe(true)
    expect(carriesOutside(provenanceOf([message(read, denied)], tools), { annotations: writes })).toBe(false)
  })
})
