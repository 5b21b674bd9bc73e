import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { CatalogEntry } from '#tools/tool-call.ts'
import {
  ROUTER_ID,
  type CreateRouter,
  type ModelEntry,
  type ModelProvider,
  type Models,
  type ModelsConfiguration,
  type ResolvedModel,
} from './model.ts'
import { modelProviders, type ModelFetch } from './providers.ts'

/**
 * The models of this instance: those of the configured providers, and always the built-in router.
 * @throws UnknownModelError where the default model belongs to no configured provider: the operator must know at start.
 */
export function createModels(
  configuration: ModelsConfiguration,
  deps: { readonly fetch: ModelFetch; readonly createRouter: CreateRouter },
): Models {
  const providers = modelProviders(configuration, deps.fetch)
  const defaultId = configuration.defaultModel ?? ROUTER_ID
  if (!knows(providers, defaultId)) {
    throw new UnknownModelError(
      `CHAVEIRO_DEFAULT_MODEL is ${defaultId}, but that provider of models is not configured. Set its key (for example OPENAI_API_KEY for openai/…), or choose another model.`,
    )
  }
  return {
    entries: entriesOf(providers, defaultId),
    knows: (id) => knows(providers, id),
    resolve(id, tools) {
      const wanted = id ?? defaultId
      if (wanted === ROUTER_ID) return success(router(deps.createRouter, tools))
      const found = find(providers, wanted)
      if (found === null) return notConfigured(wanted)
      const price = configuration.prices.get(wanted)
      return success(price === undefined ? found : { ...found, price })
    },
  }
}

/** A setting names a model that nobody here can answer with. */
export class UnknownModelError extends Error {
  override readonly name = 'UnknownModelError'
}

function router(createRouter: CreateRouter, tools: readonly CatalogEntry[]): ResolvedModel {
  return { id: ROUTER_ID, isLlm: false, model: createRouter({ tools }), providerOptions: {} }
}

function notConfigured(id: string): Outcome<never> {
  return failure(
    'unavailable',
    `The model "${id}" of this agent is not configured here (any more). Choose another for the agent; GET /api/models lists them.`,
  )
}

function splitId(id: string): { provider: string; name: string } {
  const slash = id.indexOf('/')
  return { provider: id.slice(0, Math.max(slash, 0)), name: id.slice(slash + 1) }
}

function find(providers: readonly ModelProvider[], id: string): ResolvedModel | null {
  const { provider: providerId, name } = splitId(id)
  const provider = providers.find((candidate) => candidate.id === providerId)
  if (provider === undefined || name === '') return null
  if (provider.closed && !provider.models.includes(name)) return null
  return { id, isLlm: true, model: provider.model(name), providerOptions: provider.providerOptions }
}

function knows(providers: readonly ModelProvider[], id: string): boolean {
  return id === ROUTER_ID || find(providers, id) !== null
}

function entriesOf(providers: readonly ModelProvider[], defaultId: string): ModelEntry[] {
  const suggested = providers.flatMap((provider) => provider.models.map((name) => `${provider.id}/${name}`))
  const ids = [...new Set([defaultId, ...suggested, ROUTER_ID])]
  return ids.map((id) => {
    const { provider, name } = splitId(id)
    return {
      id,
      provider,
      name: id === ROUTER_ID ? 'Built-in router (not an AI model)' : name,
      is_llm: id !== ROUTER_ID,
      is_default: id === defaultId,
    }
  })
}
