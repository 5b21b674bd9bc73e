import { randomUUID } from 'node:crypto'
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import { readPrompt } from './conversation.ts'
import { decide, languageFor } from './decide.ts'
import type { Knowledge } from './decide.ts'
import { renderResult } from './render.ts'
import { replyTo } from './reply.ts'
import type { Links } from './reply.ts'
import { lexiconOf, profileOf } from './tools.ts'
import type { RouterTool } from './tools.ts'

export interface RouterOptions {
  /** The tools that may be chosen; those that a call does not offer are left out of it. */
  readonly tools: readonly RouterTool[]
  readonly links?: Links
  /** For dates such as "tomorrow". */
  readonly now?: () => Date
  readonly newId?: () => string
}

/** One answer of the router: words, or a call. */
interface Answer {
  readonly content: LanguageModelV4Content & { type: 'text' | 'tool-call' }
  readonly finishReason: LanguageModelV4FinishReason
}

/** Nothing is spent: no tokens, no request to anybody. */
const NO_USAGE: LanguageModelV4Usage = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
}

/**
 * The model that answers where no AI model is configured: a deterministic matcher of English and Portuguese requests with
 * tools. It is no AI model and says so. Per turn it makes at most one call and then puts the result into words; it asks
 * for what is missing, never makes up an id, and does nothing when it is not sure. That a change waits for approval is
 * enforced by whoever runs the loop.
 */
export function createRouter({
  tools,
  links = {},
  now = () => new Date(),
  newId = randomUUID,
}: RouterOptions): LanguageModelV4 {
  const profiles = tools.map(profileOf)
  const lexicon = lexiconOf(profiles)

  function answer(options: LanguageModelV4CallOptions): Answer {
    options.abortSignal?.throwIfAborted()
    const offered = new Set(options.tools?.map((tool) => tool.name))
    const knowledge: Knowledge = {
      profiles: profiles.filter(({ tool }) => offered.has(tool.name)),
      lexicon,
      now: now(),
    }
    const exchange = readPrompt(options.prompt)
    const decision = decide(exchange, knowledge)
    if (exchange.result !== undefined) {
      const { toolName } = exchange.result
      const profile = profiles.find(({ tool }) => tool.name === toolName)
      const isLookup = decision.kind === 'call' && decision.isLookup === true && decision.profile === profile
      return say(renderResult(exchange.result, { profile, isLookup }, languageFor(exchange), links))
    }
    if (decision.kind !== 'call' || options.toolChoice?.type === 'none') {
      const declined = decision.kind === 'call' ? ({ kind: 'decline', refusal: 'unclear' } as const) : decision
      return say(replyTo(declined, exchange, knowledge, links))
    }
    const call = { type: 'tool-call' as const, toolCallId: `call_${newId()}`, toolName: decision.profile.tool.name }
    return {
      content: { ...call, input: JSON.stringify(decision.input) },
      finishReason: { unified: 'tool-calls', raw: undefined },
    }
  }

  return {
    specificationVersion: 'v4',
    provider: 'embedded',
    modelId: 'embedded/router-1',
    supportedUrls: {},
    doGenerate: async (options) => {
      const { content, finishReason } = answer(options)
      return { content: [content], finishReason, usage: NO_USAGE, warnings: [] }
    },
    doStream: async (options) => ({ stream: streamOf(answer(options), newId()) }),
  }
}

function say(text: string): Answer {
  return { content: { type: 'text', text }, finishReason: { unified: 'stop', raw: undefined } }
}

function streamOf({ content, finishReason }: Answer, id: string): ReadableStream<LanguageModelV4StreamPart> {
  const parts: LanguageModelV4StreamPart[] =
    content.type === 'text'
      ? [
          { type: 'text-start', id },
          { type: 'text-delta', id, delta: content.text },
          { type: 'text-end', id },
        ]
      : [
          { type: 'tool-input-start', id: content.toolCallId, toolName: content.toolName },
          { type: 'tool-input-delta', id: content.toolCallId, delta: content.input },
          { type: 'tool-input-end', id: content.toolCallId },
          content,
        ]
  return ReadableStream.from<LanguageModelV4StreamPart>([
    { type: 'stream-start', warnings: [] },
    ...parts,
    { type: 'finish', usage: NO_USAGE, finishReason },
  ])
}
