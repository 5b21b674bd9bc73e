import type { ElicitResult } from '@modelcontextprotocol/client'
import type { CallAnswer, CallQuestion, FormSchema, WaitingCaller } from '#providers/waiting-caller.ts'
import { readQuestion } from './question.ts'
import type { ServerView } from './results.ts'

/**
 * What a remote server asks its user in the middle of a call: put to whoever waits for that very call, with the server's
 * name said plainly, or declined. Never more than a few times for one call, and never to anybody else.
 */
export interface Questions {
  /** @param params of `elicitation/create`, as the server sent them */
  readonly answer: (params: unknown) => Promise<ElicitResult>
  /** What was declined because nobody could be asked, in the server's words. */
  readonly unasked: () => readonly string[]
}

export const DECLINED: ElicitResult = { action: 'decline' }

/** Questions of one call that reach its user; a server that asks more is answered that the user declines. */
const QUESTIONS_MAXIMUM = 5
/** Characters of one text in an answer. */
const ANSWER_CHARACTERS = 10_000

/** @param url of the server: a page of its own may be opened as it is reached itself */
export function createQuestions(server: ServerView, url: string, caller: WaitingCaller | undefined): Questions {
  const unasked: string[] = []
  let count = 0

  async function ask(question: CallQuestion): Promise<ElicitResult> {
    const told = { ...question, message: announced(server, question) }
    const answer = (await caller?.ask?.(told)) ?? null
    if (answer !== null) return resultOf(question, answer)
    unasked.push(question.kind === 'url' ? `${question.message} ${question.url}` : question.message)
    return DECLINED
  }

  return {
    async answer(params) {
      count += 1
      const question = count > QUESTIONS_MAXIMUM ? null : readQuestion(params, url)
      return question === null ? DECLINED : ask(question)
    },
    unasked: () => unasked,
  }
}

/** Whose words follow, before they do: a server must not pass for the platform, or for the client. */
function announced({ label, host }: ServerView, question: CallQuestion): string {
  const who = `The remote server "${label}" (${host}) that you connected`
  return question.kind === 'form'
    ? `${who} asks, and your answer goes to it: ${question.message}`
    : `${who} asks you to open a page at ${new URL(question.url).host}: ${question.message}`
}

function resultOf(question: CallQuestion, { action, content }: CallAnswer): ElicitResult {
  if (action !== 'accept' || question.kind === 'url') return { action }
  return { action, content: fieldsOf(question.schema, content ?? {}) }
}

/** Nothing but the fields that were asked for, in the kinds that there are. */
function fieldsOf({ properties }: FormSchema, content: Readonly<Record<string, unknown>>) {
  const fields: Record<string, string | number | boolean | string[]> = {}
  for (const [name, value] of Object.entries(content)) {
    if (Object.hasOwn(properties, name) && isFieldValue(value)) fields[name] = value
  }
  return fields
}

function isFieldValue(value: unknown): value is string | number | boolean | string[] {
  if (typeof value === 'string') return value.length <= ANSWER_CHARACTERS
  if (Array.isArray(value)) return value.every((each) => typeof each === 'string' && each.length <= ANSWER_CHARACTERS)
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}

/** What a server of 2026-07-28 wants to know before it goes on with a call. */
export interface RequiredInput {
  readonly inputRequests?: Readonly<Record<string, { readonly method?: unknown; readonly params?: unknown }>>
  readonly requestState?: string
}

/** Milliseconds before a call that a server only puts off is sent again. */
const PUT_OFF_MS = 250

/**
 * What is added to the call when it is sent again.
 * @throws RefusedInputError where the server wants something else than an answer of its user
 */
export async function answerInputs(
  questions: Questions | undefined,
  { inputRequests = {}, requestState }: RequiredInput,
): Promise<object> {
  const entries = Object.entries(inputRequests)
  const refused = entries.find(([, { method }]) => method !== 'elicitation/create')
  if (refused !== undefined) throw new RefusedInputError('The server asks for something that is not given.')
  if (entries.length === 0) await new Promise((resolve) => setTimeout(resolve, PUT_OFF_MS))
  const inputResponses: Record<string, ElicitResult> = {}
  for (const [key, { params }] of entries) inputResponses[key] = (await questions?.answer(params)) ?? DECLINED
  return {
    ...(entries.length === 0 ? {} : { inputResponses }),
    ...(requestState === undefined ? {} : { requestState }),
  }
}

/** A model's answer, or the user's folders: neither was offered. */
export class RefusedInputError extends Error {
  override readonly name = 'RefusedInputError'
}
