import { LLMock } from '@copilotkit/aimock'
import { isStepCount, jsonSchema, tool, ToolLoopAgent, type LanguageModelUsage } from 'ai'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EgressError } from '#kernel/egress-error.ts'
import type { Problem } from '#kernel/problem.ts'
import { createModels } from './create-models.ts'
import { modelProblem } from './model-problem.ts'
import type { ModelsConfiguration, ResolvedModel } from './model.ts'

/** Every provider through its real client over a real socket, against a server that speaks its protocol. */

const KEY = 'sk-operator-key-0123456789'
const NONE: ModelsConfiguration = {
  defaultModel: undefined,
  anthropicKey: undefined,
  anthropicUrl: undefined,
  openaiKey: undefined,
  openaiUrl: undefined,
  googleKey: undefined,
  googleUrl: undefined,
  compatibleUrl: undefined,
  compatibleKey: undefined,
  compatibleModels: [],
  prices: new Map(),
}

const PROVIDERS = [
  ['anthropic/claude-sonnet-5-5', (url: string) => ({ anthropicKey: KEY, anthropicUrl: `${url}/v1` })],
  ['openai/gpt-5.6', (url: string) => ({ openaiKey: KEY, openaiUrl: `${url}/v1` })],
  ['google/gemini-3.5-flash', (url: string) => ({ googleKey: KEY, googleUrl: `${url}/v1beta` })],
  [
    'compatible/llama-4',
    (url: string) => ({ compatibleKey: KEY, compatibleUrl: `${url}/v1`, compatibleModels: ['llama-4'] }),
  ],
] as const

const USAGE = { input_tokens: 11, output_tokens: 7, prompt_tokens: 11, completion_tokens: 7 }

let mock: LLMock
beforeAll(async () => {
  mock = new LLMock({ port: 0, host: '127.0.0.1', chunkSize: 4 })
  mock.on(
    { userMessage: 'reuniões', hasToolResult: false },
    {
      toolCalls: [{ name: 'acme_search', arguments: '{"query":"reuniões"}' }],
      usage: USAGE,
      // Google answers STOP where it calls functions, and so do the others' loops accept it.
      finishReason: 'stop',
    },
  )
  mock.on({ userMessage: 'reuniões', hasToolResult: true }, { content: 'Encontrei uma página.', usage: USAGE })
  mock.on(
    { userMessage: 'too many' },
    { error: { message: `slow down, ${KEY}`, type: 'rate_limit_error' }, status: 429, retryAfter: 12 },
  )
  mock.on(
    { userMessage: 'malformed' },
    { error: { message: `bad request ${KEY}`, type: 'invalid_request_error' }, status: 400 },
  )
  mock.on(
    { userMessage: 'who are you' },
    { error: { message: `wrong key ${KEY}`, type: 'authentication_error' }, status: 401 },
  )
  mock.on({ userMessage: 'overloaded' }, { error: { message: 'try later', type: 'api_error' }, status: 503 })
  await mock.start()
})
afterAll(() => mock.stop())

describe.each(PROVIDERS)('%s', (id, configure) => {
  let sent: string[]
  let printed: string[]
  const consoleError = console.error
  beforeEach(() => {
    sent = []
    printed = []
    console.error = (...values: unknown[]) => void printed.push(values.map(String).join(' '))
  })
  afterEach(() => {
    console.error = consoleError
    expect(printed).toEqual([])
  })

  function resolved(): ResolvedModel {
    const models = createModels(
      { ...NONE, ...configure(mock.url) },
      {
        createRouter: () => {
          throw new Error('the router is not asked')
        },
        async fetch(input, init) {
          sent.push(new Request(input, init).url)
          return fetch(input, init)
        },
      },
    )
    const outcome = models.resolve(id, [])
    if (!outcome.ok) throw new Error(outcome.problem.detail)
    return outcome.value
  }

  async function run(message: string) {
    const model = resolved()
    const searched: unknown[] = []
    let problem: Problem | null = null
    const agent = new ToolLoopAgent({
      model: model.model,
      providerOptions: model.providerOptions,
      instructions: 'Be brief.',
      stopWhen: isStepCount(3),
      maxRetries: 0,
      tools: {
        acme_search: tool({
          description: 'Searches',
          inputSchema: jsonSchema({ type: 'object', properties: { query: { type: 'string' } } }),
          execute(input) {
            searched.push(input)
            return { found: 1 }
          },
        }),
      },
      onError({ error }) {
        problem = modelProblem(error)
      },
    })
    const result = await agent.stream({ messages: [{ role: 'user', content: message }] })
    let text = ''
    for await (const part of result.stream) text += part.type === 'text-delta' ? part.text : ''
    const usage: LanguageModelUsage | null = problem === null ? await result.usage : null
    return { text, searched, problem: problem as Problem | null, usage }
  }

  it('streams through a tool and back, by the given fetch alone', async () => {
    const { text, searched, usage, problem } = await run('busque reuniões')
    expect(problem).toBeNull()
    expect(searched).toEqual([{ query: 'reuniões' }])
    expect(text).toBe('Encontrei uma página.')
    expect(usage).toMatchObject({ inputTokens: 22, outputTokens: 14 })
    expect(sent).toHaveLength(2)
    expect(sent.every((url) => url.startsWith(mock.url))).toBe(true)
  })

  it.each([
    ['too many', 'rate_limited', 12],
    ['malformed', 'model_failed', undefined],
    ['who are you', 'model_failed', undefined],
    ['overloaded', 'unavailable', undefined],
  ] as const)('turns "%s" into %s, without a word of the provider', async (message, code, seconds) => {
    const { problem } = await run(message)
    expect(problem).toMatchObject({ code })
    expect(problem?.retryAfterSeconds).toBe(seconds)
    expect(JSON.stringify(problem)).not.toMatch(/sk-operator|slow down|bad request|wrong key/)
    expect(problem?.reason).toMatch(/answered \d{3}/)
  })
})

describe('a request', () => {
  async function bodyOf(index: 0 | 1): Promise<Record<string, unknown>> {
    const [id, configure] = PROVIDERS[index]
    let body = ''
    const models = createModels(
      { ...NONE, ...configure(mock.url) },
      {
        createRouter: () => {
          throw new Error('the router is not asked')
        },
        async fetch(input, init) {
          body = await new Request(input, init).text()
          return fetch(input, init)
        },
      },
    )
    const outcome = models.resolve(id, [])
    if (!outcome.ok) throw new Error(outcome.problem.detail)
    const { model, providerOptions } = outcome.value
    const agent = new ToolLoopAgent({ model, providerOptions, instructions: 'x', maxRetries: 0, onError: () => {} })
    const result = await agent.stream({ prompt: 'reuniões' })
    await result.consumeStream()
    return JSON.parse(body)
  }

  it('to Anthropic allows its cache', async () => {
    expect(await bodyOf(0)).toMatchObject({ cache_control: { type: 'ephemeral' } })
  })

  it('to OpenAI asks it to keep nothing', async () => {
    expect(await bodyOf(1)).toMatchObject({ store: false })
  })
})

describe('without an answer', () => {
  it('says that the model is not available', async () => {
    const models = createModels(
      { ...NONE, compatibleUrl: 'http://127.0.0.1:1/v1', compatibleModels: ['m'] },
      { createRouter: () => mock as never, fetch: () => Promise.reject(new EgressError('network', 'ECONNREFUSED')) },
    )
    const outcome = models.resolve('compatible/m', [])
    if (!outcome.ok) throw new Error(outcome.problem.detail)
    let problem: Problem | null = null
    const agent = new ToolLoopAgent({
      model: outcome.value.model,
      maxRetries: 0,
      onError({ error }) {
        problem = modelProblem(error)
      },
    })
    const result = await agent.stream({ prompt: 'hello' })
    await result.consumeStream()
    expect(problem).toMatchObject({ code: 'unavailable' })
  })
})
