import type * as anthropicLibrary from '@ai-sdk/anthropic'
import type * as openaiLibrary from '@ai-sdk/openai'
import type * as googleLibrary from '@ai-sdk/google'
import type * as compatibleLibrary from '@ai-sdk/openai-compatible'
import { createRequire } from 'node:module'
import type { ModelProvider, ModelsConfiguration } from './model.ts'

/** Loads the library of a provider that is configured, and no other: each takes megabytes of memory. */
const load = createRequire(import.meta.url)

/** The `fetch` of everything that leaves for a model: guarded by whoever passes it. */
export type ModelFetch = typeof globalThis.fetch

/** Offered where the operator named no default. Any other model of the provider can be named too. */
const SUGGESTED = {
  anthropic: ['claude-sonnet-5-5', 'claude-opus-5-5', 'claude-haiku-5-5'],
  openai: ['gpt-5.6', 'gpt-5.4-mini'],
  google: ['gemini-3.5-flash', 'gemini-2.5-pro'],
} as const

/** Every provider of models that the operator configured, in the order in which they are shown. */
export function modelProviders(configuration: ModelsConfiguration, fetch: ModelFetch): ModelProvider[] {
  return [
    anthropic(configuration, fetch),
    openai(configuration, fetch),
    google(configuration, fetch),
    compatible(configuration, fetch),
  ].filter((provider) => provider !== null)
}

function anthropic(
  { anthropicKey: apiKey, anthropicUrl: baseURL }: ModelsConfiguration,
  fetch: ModelFetch,
): ModelProvider | null {
  if (apiKey === undefined) return null
  const { createAnthropic } = load('@ai-sdk/anthropic') as typeof anthropicLibrary
  const models = createAnthropic({ apiKey, fetch, ...(baseURL === undefined ? {} : { baseURL }) })
  return {
    id: 'anthropic',
    name: 'Anthropic',
    models: SUGGESTED.anthropic,
    closed: false,
    model: (name) => models(name),
    // Instructions and tools are the same for every step and most turns: the provider may keep them for a few minutes.
    providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } },
  }
}

function openai(
  { openaiKey: apiKey, openaiUrl: baseURL }: ModelsConfiguration,
  fetch: ModelFetch,
): ModelProvider | null {
  if (apiKey === undefined) return null
  const { createOpenAI } = load('@ai-sdk/openai') as typeof openaiLibrary
  const models = createOpenAI({ apiKey, fetch, ...(baseURL === undefined ? {} : { baseURL }) })
  return {
    id: 'openai',
    name: 'OpenAI',
    models: SUGGESTED.openai,
    closed: false,
    model: (name) => models(name),
    // History is ours: the provider is asked to keep none of it.
    providerOptions: { openai: { store: false } },
  }
}

function google(
  { googleKey: apiKey, googleUrl: baseURL }: ModelsConfiguration,
  fetch: ModelFetch,
): ModelProvider | null {
  if (apiKey === undefined) return null
  const { createGoogle } = load('@ai-sdk/google') as typeof googleLibrary
  const models = createGoogle({ apiKey, fetch, ...(baseURL === undefined ? {} : { baseURL }) })
  return {
    id: 'google',
    name: 'Google',
    models: SUGGESTED.google,
    closed: false,
    model: (name) => models(name),
    providerOptions: {},
  }
}

/** Ollama, vLLM and whatever else speaks Chat Completions. Which models it has, only the operator knows. */
function compatible(configuration: ModelsConfiguration, fetch: ModelFetch): ModelProvider | null {
  const { compatibleUrl, compatibleKey, compatibleModels } = configuration
  if (compatibleUrl === undefined) return null
  const { createOpenAICompatible } = load('@ai-sdk/openai-compatible') as typeof compatibleLibrary
  const models = createOpenAICompatible({
    name: 'compatible',
    baseURL: compatibleUrl,
    fetch,
    includeUsage: true,
    ...(compatibleKey === undefined ? {} : { apiKey: compatibleKey }),
  })
  return {
    id: 'compatible',
    name: 'OpenAI-compatible server',
    models: compatibleModels,
    closed: true,
    model: (name) => models(name),
    providerOptions: {},
  }
}
