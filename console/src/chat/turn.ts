import type { Message, StreamEvent } from '@chaveiro/sdk'

/** What an agent said and did in one turn, as it is shown. Made of stored parts or of live events; both lead to the same. */

export interface TextPart {
  readonly kind: 'text'
  readonly id: string
  readonly text: string
}

export interface CallFailure {
  readonly code: string
  readonly detail: string
  readonly provider: string | null
}

export interface CallPart {
  readonly kind: 'call'
  readonly id: string
  readonly tool: string
  readonly input: unknown
  readonly state: 'running' | 'waiting' | 'succeeded' | 'failed' | 'denied' | 'left_open'
  readonly output: CallOutput | null
  readonly failure: CallFailure | null
  readonly approvalId: number | null
}

/** What the server says of a call that was made. */
export interface CallOutput {
  readonly text: string
  readonly result: unknown
  readonly connection: string | null
  readonly milliseconds: number | null
  /** Done by the turn that this one stands in the place of, and not again. */
  readonly isEarlier: boolean
}

export type Part = TextPart | CallPart

export interface Turn {
  readonly parts: readonly Part[]
  readonly status: string | null
  readonly model: { readonly id: string; readonly isLlm: boolean } | null
  readonly tokens: number
  /** US dollars; null where the model has no price here. */
  readonly cost: number | null
  /** Tools that were not there for this answer. */
  readonly missing: readonly string[]
}

export const EMPTY_TURN: Turn = { parts: [], status: null, model: null, tokens: 0, cost: null, missing: [] }

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function outputOf(value: unknown): CallOutput {
  const output = fieldsOf(value)
  const { label } = fieldsOf(output['connection'])
  const milliseconds = output['duration_ms']
  return {
    text: text(output['text']),
    result: output['result'] ?? null,
    connection: typeof label === 'string' ? label : null,
    milliseconds: typeof milliseconds === 'number' ? milliseconds : null,
    isEarlier: typeof output['earlier_run_id'] === 'number',
  }
}

/** `code: what happened`, as the server writes a failed call for a model. */
function failureOf(errorText: string): CallFailure {
  const [, code = 'internal_error', detail = errorText] = /^([a-z_]+): ([\s\S]*)$/.exec(errorText) ?? []
  return { code, detail, provider: null }
}

function approvalIdOf(value: unknown): number | null {
  const id = Number(value)
  return Number.isSafeInteger(id) && id > 0 ? id : null
}

function newCall(id: string, tool: string, input: unknown): CallPart {
  return { kind: 'call', id, tool, input, state: 'running', output: null, failure: null, approvalId: null }
}

/** A message as the thread keeps it. */
export function turnOfMessage(message: Pick<Message, 'parts' | 'metadata'>): Turn {
  const parts = message.parts.map(fieldsOf)
  const calls = parts.reduce<Part[]>((done, part, index) => [...done, ...storedPart(part, index)], [])
  const failures = parts.filter(({ type }) => type === 'data-tool-failure').map(({ data }) => fieldsOf(data))
  const turn = withMetadata({ ...EMPTY_TURN, parts: calls }, message.metadata)
  return withLeftOpen(failures.reduce<Turn>(withFailure, turn), message.metadata)
}

/** Calls that waited when the user wrote on: nobody denied or stopped them. */
function withLeftOpen(turn: Turn, metadata: unknown): Turn {
  const { left_open_calls: calls } = fieldsOf(metadata)
  if (!Array.isArray(calls) || calls.length === 0) return turn
  const left = calls.map(text).reduce<Turn>((done, id) => withCall(done, id, { state: 'left_open' }), turn)
  return { ...left, status: 'left_open' }
}

const STATES: Readonly<Record<string, CallPart['state']>> = {
  'approval-requested': 'waiting',
  'output-available': 'succeeded',
  'output-error': 'failed',
  'output-denied': 'denied',
}

function storedPart(part: Fields, index: number): Part[] {
  const type = text(part['type'])
  if (type === 'text') return [{ kind: 'text', id: `text-${index}`, text: text(part['text']) }]
  if (!type.startsWith('tool-') && type !== 'dynamic-tool') return []
  const tool = type === 'dynamic-tool' ? text(part['toolName']) : type.slice('tool-'.length)
  const state = STATES[text(part['state'])] ?? 'running'
  return [
    {
      ...newCall(text(part['toolCallId']), tool, part['input']),
      state,
      output: state === 'succeeded' ? outputOf(part['output']) : null,
      failure: state === 'failed' ? failureOf(text(part['errorText'])) : null,
      approvalId: approvalIdOf(fieldsOf(part['approval'])['id']),
    },
  ]
}

function withMetadata(turn: Turn, metadata: unknown): Turn {
  const { status, model, usage, missing_tools: missing } = fieldsOf(metadata)
  const { id, is_llm: isLlm } = fieldsOf(model)
  const { total_tokens: total, cost_usd: cost } = fieldsOf(usage)
  return {
    ...turn,
    status: typeof status === 'string' ? status : turn.status,
    model: typeof id === 'string' ? { id, isLlm: isLlm === true } : turn.model,
    tokens: typeof total === 'number' ? total : turn.tokens,
    cost: typeof cost === 'number' ? cost : turn.cost,
    missing: Array.isArray(missing) ? missing.map((each) => text(fieldsOf(each)['name'])) : turn.missing,
  }
}

function withCall(turn: Turn, id: string, change: Partial<CallPart>): Turn {
  return {
    ...turn,
    parts: turn.parts.map((part) => (part.kind === 'call' && part.id === id ? { ...part, ...change } : part)),
  }
}

function withFailure(turn: Turn, failed: Fields): Turn {
  const provider = failed['provider']
  return withCall(turn, text(failed['tool_call_id']), {
    state: 'failed',
    failure: {
      code: text(failed['code']),
      detail: text(failed['detail']),
      provider: typeof provider === 'string' ? provider : null,
    },
  })
}

type Step = (turn: Turn, event: StreamEvent) => Turn

const callId = (event: StreamEvent) => text(event['toolCallId'])

/** The one that replaces a call that is there already: a stream that is followed again tells all from its start. */
function withNewCall(turn: Turn, call: CallPart): Turn {
  const isThere = turn.parts.some((part) => part.kind === 'call' && part.id === call.id)
  return isThere ? withCall(turn, call.id, call) : { ...turn, parts: [...turn.parts, call] }
}

const STEPS: Readonly<Record<string, Step>> = {
  start: (turn, event) => withMetadata(turn, event['messageMetadata']),
  finish: (turn, event) => withMetadata(turn, event['messageMetadata']),
  'text-start': (turn, event) => ({
    ...turn,
    parts: [...turn.parts, { kind: 'text', id: text(event['id']), text: '' }],
  }),
  'text-delta': (turn, event) => ({
    ...turn,
    parts: turn.parts.map((part) =>
      part.kind === 'text' && part.id === event['id'] ? { ...part, text: part.text + text(event['delta']) } : part,
    ),
  }),
  'tool-input-start': (turn, event) => withNewCall(turn, newCall(callId(event), text(event['toolName']), null)),
  'tool-input-available': (turn, event) =>
    withNewCall(turn, newCall(callId(event), text(event['toolName']), event['input'])),
  'tool-approval-request': (turn, event) =>
    withCall(turn, callId(event), { state: 'waiting', approvalId: approvalIdOf(event['approvalId']) }),
  'tool-approval-response': (turn, event) => {
    const id = approvalIdOf(event['approvalId'])
    const call = turn.parts.find((part) => part.kind === 'call' && part.approvalId === id)
    if (call === undefined) return turn
    return withCall(turn, call.id, { state: event['approved'] === true ? 'running' : 'denied' })
  },
  'tool-output-available': (turn, event) =>
    withCall(turn, callId(event), { state: 'succeeded', output: outputOf(event['output']) }),
  'tool-output-denied': (turn, event) => withCall(turn, callId(event), { state: 'denied' }),
  'tool-output-error': (turn, event) => {
    const call = turn.parts.find((part) => part.kind === 'call' && part.id === callId(event))
    const known = call?.kind === 'call' ? call.failure : null
    return withCall(turn, callId(event), { state: 'failed', failure: known ?? failureOf(text(event['errorText'])) })
  },
  'data-tool-failure': (turn, event) => withFailure(turn, fieldsOf(event['data'])),
}

/** One event of a stream. What we do not know changes nothing: the server may learn to say more. */
export function withEvent(turn: Turn, event: StreamEvent): Turn {
  return Object.hasOwn(STEPS, event.type) ? (STEPS[event.type]?.(turn, event) ?? turn) : turn
}

/** Where the answer belongs, as the first event of a stream says. */
export function placeOf(event: StreamEvent): { messageId: number; threadId: number; runId: number } | null {
  if (event.type !== 'start') return null
  const { thread_id: threadId, run_id: runId } = fieldsOf(event['messageMetadata'])
  if (typeof threadId !== 'number' || typeof runId !== 'number') return null
  return { messageId: Number(event['messageId']), threadId, runId }
}

/** Text of what a person wrote. */
export function textOfMessage(message: Pick<Message, 'parts'>): string {
  return message.parts
    .map(fieldsOf)
    .filter(({ type }) => type === 'text')
    .map((part) => text(part['text']))
    .join('\n')
}

/** The call that waits for a connection, where one does. */
export function missingConnection(turn: Turn): CallPart | undefined {
  return turn.parts.findLast(
    (part): part is CallPart =>
      part.kind === 'call' &&
      part.failure !== null &&
      part.failure.provider !== null &&
      (part.failure.code === 'not_connected' || part.failure.code === 'reauthorize'),
  )
}
