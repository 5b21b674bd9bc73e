import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { Outcome } from '#kernel/problem.ts'
import type { CatalogEntry } from '#tools/tool-call.ts'

/** Which models can answer for an agent. Ids are `provider/model`; the part after the first slash is the provider's own. */

/** The id of the model that needs no key: a deterministic matcher of requests, not an AI model. */
export const ROUTER_ID = 'embedded/router-1'

export interface ModelEntry {
  readonly id: string
  readonly provider: string
  readonly name: string
  /** False for the built-in router only. */
  readonly is_llm: boolean
  /** Answers for agents that name no model. */
  readonly is_default: boolean
}

/** US dollars for a million tokens, as the operator was told by the provider. */
export interface ModelPrice {
  readonly input: number
  readonly output: number
}

export interface ResolvedModel {
  readonly id: string
  readonly isLlm: boolean
  readonly model: LanguageModelV4
  readonly providerOptions: SharedV4ProviderOptions
  /** Absent: not set, so that nothing is said of what an answer costs; the router costs nothing. */
  readonly price?: ModelPrice
}

export interface Models {
  readonly entries: readonly ModelEntry[]
  /** Whether agents may name this model: its provider is configured. */
  readonly knows: (id: string) => boolean
  /** The model for an agent: its own, else the default. The router sees the tools that it may choose from. */
  readonly resolve: (id: string | null, tools: readonly CatalogEntry[]) => Outcome<ResolvedModel>
}

/** Makes the built-in router for a set of tools. */
export type CreateRouter = (options: { readonly tools: readonly CatalogEntry[] }) => LanguageModelV4

/** Keys and addresses of the operator. Undefined: that provider is not offered. */
export interface ModelsConfiguration {
  readonly defaultModel: string | undefined
  readonly anthropicKey: string | undefined
  readonly anthropicUrl: string | undefined
  readonly openaiKey: string | undefined
  readonly openaiUrl: string | undefined
  readonly googleKey: string | undefined
  readonly googleUrl: string | undefined
  readonly compatibleUrl: string | undefined
  readonly compatibleKey: string | undefined
  readonly compatibleModels: readonly string[]
  /** By the ids of models. */
  readonly prices: ReadonlyMap<string, ModelPrice>
}

const PRICED_TOKENS = 1_000_000
/** Decimal digits of a dollar that are told: one token at a tenth of a cent for a million still counts; sums are exact to them. */
export const COST_DIGITS = 9

/** What tokens cost, in US dollars. Not rounded: a run adds up many small ones. */
export function costOf(price: ModelPrice, tokens: { readonly input: number; readonly output: number }): number {
  return (tokens.input * price.input + tokens.output * price.output) / PRICED_TOKENS
}

/** A configured provider of models. */
export interface ModelProvider {
  readonly id: string
  readonly name: string
  /** Offered in lists. Where {@link closed}, also the only ones that exist. */
  readonly models: readonly string[]
  readonly closed: boolean
  readonly model: (name: string) => LanguageModelV4
  readonly providerOptions: SharedV4ProviderOptions
}
