import {
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type InputRequiredResult,
  type ReadResourceResult,
} from '@modelcontextprotocol/server'
import type { Problem } from '#kernel/problem.ts'
import type { Provider, ProviderResourceTemplate } from '#providers/contract.ts'
import type { Catalog, ToolCallAnswer } from '#tools/tool-call.ts'
import { callAsUser, type CallAsUserDeps } from './call-as-user.ts'
import type { Exchange, Source } from './source.ts'
import type { Toolset } from './toolset.ts'

/** What providers give to read: fixed documents, and things of the user's account through the one pipeline. */

export interface ProviderResourceDeps extends CallAsUserDeps {
  readonly catalog: Catalog
  readonly providers: readonly Provider[]
}

/** One source for each provider that has something to read, so that a URL shows those of its own providers. */
export function providerResources(deps: ProviderResourceDeps): readonly Source[] {
  return deps.providers
    .filter(({ documents, resourceTemplates }) => documents !== undefined || resourceTemplates !== undefined)
    .map((provider) => resourcesOf(deps, provider))
}

function resourcesOf(deps: ProviderResourceDeps, provider: Provider): Source {
  const documents = new Map(provider.documents?.map((document) => [document.uri, document]))
  const templates = (provider.resourceTemplates ?? []).map((template) => ({ template, read: readerOf(template) }))
  const isVisible = (toolset: Toolset) =>
    deps.catalog.entries.some((entry) => entry.provider === provider.id && toolset.includes(entry))
  return {
    isVisible,
    resources: [...documents.values()].map(({ uri, name, title, description, mimeType, text }) => {
      return { uri, name, title: title.en, description, mimeType, size: Buffer.byteLength(text) }
    }),
    resourceTemplates: templates.map(({ template: { uriTemplate, name, title, description, mimeType } }) => {
      return { uriTemplate, name, title: title.en, description, mimeType }
    }),
    readResource(uri, exchange) {
      if (!isVisible(exchange.toolset)) return undefined
      const document = documents.get(uri)
      if (document !== undefined) {
        return Promise.resolve({ contents: [{ uri, mimeType: document.mimeType, text: document.text }] })
      }
      for (const { template, read } of templates) {
        const variables = read(uri)
        if (variables !== undefined) return readThroughTool(deps, { uri, template, variables }, exchange)
      }
      return undefined
    },
  }
}

type Variables = Readonly<Record<string, string>>

/**
 * Reads the variables out of an address of this template. Strict on purpose: what is not exactly of the template's form,
 * percent-encoding included, is no address of it.
 */
function readerOf({ uriTemplate, variables }: ProviderResourceTemplate): (uri: string) => Variables | undefined {
  const parts = uriTemplate.split(/\{([a-z_]+)\}/)
  const source = parts.map((part, index) => (index % 2 === 0 ? literally(part) : `(?<${part}>[^/]+)`)).join('')
  const form = new RegExp(`^${source}$`)
  return (uri) => {
    if (uri.length > LONGEST_URI) return undefined
    const values = form.exec(uri)?.groups
    if (values === undefined) return undefined
    const fits = Object.entries(values).every(([name, value]) => variables[name]?.test(value) === true)
    return fits ? { ...values } : undefined
  }
}

function literally(text: string): string {
  return text.replaceAll(/[^a-z0-9]/gi, String.raw`\$&`)
}

/** Characters; no template comes near it. */
const LONGEST_URI = 2_048

interface Reading {
  readonly uri: string
  readonly template: ProviderResourceTemplate
  readonly variables: Variables
}

async function readThroughTool(
  deps: ProviderResourceDeps,
  { uri, template, variables }: Reading,
  exchange: Exchange,
): Promise<ReadResourceResult | InputRequiredResult> {
  const entry = deps.catalog.entry(template.tool)
  if (entry === undefined || !exchange.toolset.includes(entry)) throw new ResourceNotFoundError(uri)
  const call = { name: template.tool, arguments: template.argumentsOf(variables) }
  const outcome = await callAsUser(deps, call, exchange)
  if (!outcome.ok) throw errorOf(uri, outcome.problem)
  if (isInputRequiredResult(outcome.value)) return outcome.value
  return { contents: [{ uri, mimeType: template.mimeType, text: textOf(outcome.value, template.tool) }] }
}

/** A resource has no cursor of its own, so the tool that has one is named. */
function textOf({ text, next_cursor }: ToolCallAnswer, tool: string): string {
  if (next_cursor === null) return text
  return `${text}\n\nMore follows: call ${tool} with start_cursor ${JSON.stringify(next_cursor)}.`
}

/**
 * Errors of the protocol for what tools tell as results. Not found has its own form (server/resources, "Error handling");
 * everything else says what to do in its message, with the stable code for programs beside it.
 */
function errorOf(uri: string, problem: Problem): ProtocolError {
  if (problem.code === 'not_found' || problem.code === 'invalid_arguments') return new ResourceNotFoundError(uri)
  const link = problem.extra?.['connect_url']
  const connectUrl = typeof link === 'string' ? link : undefined
  const message =
    connectUrl === undefined || problem.detail.includes(connectUrl) ? problem.detail : `${problem.detail} ${connectUrl}`
  return new ProtocolError(ProtocolErrorCode.InternalError, message, {
    code: problem.code,
    ...(connectUrl === undefined ? {} : { connect_url: connectUrl }),
    ...(problem.retryAfterSeconds === undefined ? {} : { retry_after: problem.retryAfterSeconds }),
  })
}
