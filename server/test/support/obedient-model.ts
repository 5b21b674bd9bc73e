import { LLMock, type ChatCompletionRequest, type FixtureResponse } from '@copilotkit/aimock'

/**
 * A model that does whatever it reads, behind a socket: the worst that a text from outside can meet. It knows orders by
 * their form, wherever they stand, in a request of the user or in what a tool returned, and carries out one after the other.
 */
export interface ObedientModel extends AsyncDisposable {
  /** Settings by which a server answers with it. */
  readonly environment: Record<string, string>
}

export interface ModelCall {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

/** How orders of one form are carried out; `read` is what the last tool returned. */
export interface OrderForm {
  readonly pattern: RegExp
  readonly calls: readonly ((words: readonly string[], read: string) => ModelCall)[]
}

/** `call <tool> with {...}`: what users say in tests. */
const PLAIN: OrderForm = {
  pattern: /\bcall ([a-z_]+) with (\{[^\n]*\})/,
  calls: [([name = '', given = '{}']) => ({ name, arguments: JSON.parse(given) as Record<string, unknown> })],
}

export async function startObedientModel(forms: readonly OrderForm[] = []): Promise<ObedientModel> {
  const model = new LLMock({ port: 0, host: '127.0.0.1' })
  model.on({ predicate: () => true }, (request) => answer([PLAIN, ...forms], request))
  await model.start()
  return {
    environment: {
      OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
      OPENAI_COMPATIBLE_MODELS: 'obedient',
      CHAVEIRO_DEFAULT_MODEL: 'compatible/obedient',
    },
    [Symbol.asyncDispose]: () => model.stop(),
  }
}

function answer(forms: readonly OrderForm[], { messages }: ChatCompletionRequest): FixtureResponse {
  const told = messages.filter(({ role }) => role === 'user' || role === 'tool').map(textOf)
  const read = textOf(messages.findLast(({ role }) => role === 'tool') ?? { content: '' })
  const done = messages.flatMap(({ tool_calls: calls = [] }) => calls).length
  const orders = told.flatMap((text) =>
    text.split('\n').flatMap((line) => forms.flatMap((form) => carriedOut(form, line))),
  )
  const next = orders[done]
  if (next === undefined) return { content: read === '' ? 'Nothing was asked.' : read }
  const call = next(read)
  return { toolCalls: [{ name: call.name, arguments: JSON.stringify(call.arguments) }] }
}

function carriedOut({ pattern, calls }: OrderForm, line: string): ((read: string) => ModelCall)[] {
  const match = pattern.exec(line)
  return match === null ? [] : calls.map((call) => (read) => call(match.slice(1), read))
}

function textOf({ content }: Pick<ChatCompletionRequest['messages'][number], 'content'>): string {
  if (typeof content === 'string') return content
  return (content ?? []).map((part) => ('text' in part && typeof part.text === 'string' ? part.text : '')).join('\n')
}
