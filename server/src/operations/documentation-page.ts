import { createHash } from 'node:crypto'
import { escapeHtml } from '#kernel/escape-html.ts'

/** The OpenAPI document as one page without a script: read it, search it with the browser, copy the curl lines. */

interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly security?: readonly unknown[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content?: Record<string, { readonly schema?: Schema }> }
  readonly responses?: Record<string, { readonly content?: Record<string, { readonly schema?: Schema }> }>
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema?: Schema
}

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Record<string, Schema>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly example?: unknown
}

export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly servers?: readonly { readonly url: string }[]
  readonly paths: Record<string, Record<string, Operation>>
  readonly components?: { readonly schemas?: Record<string, Schema> }
}

interface Entry {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--surface:#fff;--line:#e6e2d9;--ink:#1b1e27;--soft:#5d6270;--brass:#8a6116}
@media (prefers-color-scheme:dark){:root{--paper:#12141a;--surface:#1a1d25;--line:#2b303b;--ink:#eceae4;--soft:#9ba1af;--brass:#e0b65a}}
body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.5 Inter,system-ui,sans-serif}
main,header{max-width:920px;margin:0 auto;padding:24px 16px}
h1{font-size:28px;margin:0}h2{font-size:20px;margin:40px 0 8px}p{margin:4px 0}a{color:var(--brass)}
nav{display:flex;flex-wrap:wrap;gap:4px 16px}details{background:var(--surface);border:1px solid var(--line);border-radius:8px;margin:8px 0;padding:8px 12px}
summary{cursor:pointer;overflow-wrap:anywhere}code,pre{font:13px/1.5 "JetBrains Mono",ui-monospace,monospace}pre{overflow:auto;padding:12px;border:1px solid var(--line);border-radius:6px}
.method{display:inline-block;min-width:56px;margin-right:8px;font-weight:600;color:var(--brass)}.soft{color:var(--soft)}
`

/** Lets exactly this style through the content security policy. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

export function documentationPage(document: OpenApiDocument): string {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
  const tags = Map.groupBy(entries, ({ operation }) => operation.tags?.[0] ?? 'Other')
  const navigation = [...tags.keys()]
    .map((tag) => `<a href="#${escapeHtml(slug(tag))}">${escapeHtml(tag)}</a>`)
    .join('')
  const sections = [...tags].map(([tag, group]) => section(tag, group, document)).join('')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(document.info.title)} API</title><style>${STYLE}</style></head><body>
<header><h1>${escapeHtml(document.info.title)} API</h1><p class="soft">Version ${escapeHtml(document.info.version)} · <a href="/openapi.json">openapi.json</a></p>
<p>${linked(document.info.description ?? '')}</p><nav aria-label="Groups">${navigation}</nav></header><main>${sections}</main></body></html>`
}

/** Pages can be followed; what stands as code is for programs. */
function linked(text: string): string {
  return marked(text, (prose) =>
    prose.replace(/https?:\/\/[^\s<>"]*[\w/]/g, (address) => `<a href="${address}">${address}</a>`),
  )
}

/** What stands between backticks is shown as code, the rest as `prose` has it. */
function marked(text: string, prose: (escaped: string) => string = (escaped) => escaped): string {
  return escapeHtml(text)
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 1 ? `<code>${part}</code>` : prose(part)))
    .join('')
}

function section(tag: string, entries: readonly Entry[], document: OpenApiDocument): string {
  const items = entries.map((entry) => item(entry, document)).join('')
  return `<section aria-labelledby="${escapeHtml(slug(tag))}"><h2 id="${escapeHtml(slug(tag))}">${escapeHtml(tag)}</h2>${items}</section>`
}

function item({ method, path, operation }: Entry, document: OpenApiDocument): string {
  const body = jsonSchemaOf(operation.requestBody)
  const answer = jsonSchemaOf(operation.responses?.['200'])
  const parameters = (operation.parameters ?? [])
    .map(
      (parameter) =>
        `<li><code>${escapeHtml(parameter.name)}</code> <span class="soft">${escapeHtml(parameter.in)}${parameter.required === true ? ', required' : ''}${choices(parameter)}</span></li>`,
    )
    .join('')
  return `<details><summary><span class="method">${escapeHtml(method.toUpperCase())}</span><code>${escapeHtml(path)}</code> ${escapeHtml(operation.summary ?? '')}</summary>
${operation.description === undefined ? '' : `<p>${marked(operation.description)}</p>`}
${parameters === '' ? '' : `<ul>${parameters}</ul>`}
<pre tabindex="0">${escapeHtml(curlLine({ method, path, operation }, body, document))}</pre>
${answer === undefined ? '' : `<p class="soft">Answers</p><pre tabindex="0">${escapeHtml(JSON.stringify(exampleOf(answer, document), null, 2))}</pre>`}</details>`
}

/** What a parameter can be, where that is one of a few words. */
function choices({ schema }: Parameter): string {
  return schema?.enum === undefined ? '' : `: ${escapeHtml(schema.enum.join(', '))}`
}

function jsonSchemaOf(
  message: { readonly content?: Record<string, { readonly schema?: Schema }> } | undefined,
): Schema | undefined {
  return message?.content?.['application/json']?.schema
}

function curlLine({ method, path, operation }: Entry, body: Schema | undefined, document: OpenApiDocument): string {
  const verb = method === 'get' ? '' : ` -X ${method.toUpperCase()}`
  const token = operation.security === undefined ? '' : ` -H "Authorization: Bearer $TOKEN"`
  const data =
    body === undefined ? '' : ` -H 'Content-Type: application/json' -d '${JSON.stringify(exampleOf(body, document))}'`
  return `curl${verb} ${document.servers?.[0]?.url ?? ''}${path}${token}${data}`
}

/** Levels of a schema that an example shows. */
const EXAMPLE_DEPTH = 4

/** A value of the schema's shape, for reading. */
function exampleOf(schema: Schema, document: OpenApiDocument, depth = EXAMPLE_DEPTH): unknown {
  const resolved = resolve(schema, document)
  if (resolved.example !== undefined) return resolved.example
  if (depth === 0) return '…'
  const choice = resolved.anyOf?.[0] ?? resolved.oneOf?.[0]
  if (choice !== undefined) return exampleOf(choice, document, depth)
  if (resolved.enum !== undefined) return resolved.enum[0]
  if (resolved.properties !== undefined) {
    const members = Object.entries(resolved.properties)
    return Object.fromEntries(members.map(([name, member]) => [name, exampleOf(member, document, depth - 1)]))
  }
  return scalarExample(resolved, document, depth)
}

function scalarExample(schema: Schema, document: OpenApiDocument, depth: number): unknown {
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0]
  if (type === 'array') return schema.items === undefined ? [] : [exampleOf(schema.items, document, depth - 1)]
  const examples: Record<string, unknown> = { string: 'text', integer: 1, number: 1, boolean: true, object: {} }
  return examples[type ?? 'object'] ?? null
}

function resolve(schema: Schema, document: OpenApiDocument): Schema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (document.components?.schemas?.[name] ?? {})
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}
