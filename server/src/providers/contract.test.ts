import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { keyFieldsOf, oauthMethodOf, type LocalText, type Provider, type Tool } from './contract.ts'
import { createRegistry } from './registry.ts'

/** What every provider promises, whichever it is. Adding a folder adds its rows here. */

const registry = await createRegistry()
const folders = (await readdir(import.meta.dirname, { withFileTypes: true })).filter((entry) => entry.isDirectory())
const toolRows = registry.tools.map(({ provider, tool }) => [tool.name, tool, provider] as const)

/** A definition that a model reads before every answer; the longest one here has twice the arguments of the others. */
const DESCRIPTION_CHARACTERS = 300

/** Notices that a text was left in one language, or copied. */
function expectBothLanguages(text: LocalText): void {
  expect(text.en.trim()).not.toBe('')
  expect(text.pt.trim()).not.toBe('')
  expect(text.en).toBe(text.en.trim())
}

function jsonSchema(tool: Tool): Record<string, unknown> {
  return z.toJSONSchema(tool.input, { io: 'input' }) as Record<string, unknown>
}

test('every folder is a provider', () => {
  expect(registry.providers.map(({ id }) => id)).toEqual(folders.map(({ name }) => name).sort())
  expect(registry.providers.length).toBeGreaterThan(0)
})

describe.each(registry.providers.map((provider) => [provider.id, provider] as const))('provider %s', (id, provider) => {
  test('has a name that can stand in paths and before its tools', () => {
    expect(id).toMatch(/^[a-z][a-z0-9]{1,30}$/)
    expect(provider.name).not.toBe('')
    expectBothLanguages(provider.description)
  })

  test('speaks to its own declared hosts over https only', () => {
    const url = new URL(provider.apiUrl)
    expect(url.protocol).toBe('https:')
    expect(provider.apiUrl.endsWith('/')).toBe(false)
    expect(provider.apiHosts).toContain(url.hostname)
    for (const host of provider.apiHosts) expect(host).toMatch(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/)
    expect(new URL(provider.docsUrl).protocol).toBe('https:')
  })

  test('says how to connect, in both languages', () => {
    expect(provider.auth.length).toBeGreaterThan(0)
    for (const field of keyFieldsOf(provider)) {
      expect(field.name).toMatch(/^[a-z_]+$/)
      expectBothLanguages(field.label)
      expect(field.steps.length).toBeGreaterThan(0)
      field.steps.forEach(expectBothLanguages)
    }
  })

  test('sends people and secrets of an app to its own hosts only, and says what each scope allows', () => {
    const method = oauthMethodOf(provider)
    if (method === undefined) return expect(keyFieldsOf(provider).length).toBeGreaterThan(0)
    const { authorization, token } = method.endpoints(provider.apiUrl)
    for (const address of [authorization, token, method.appUrl, method.grantsUrl]) {
      expect(new URL(address).protocol).toBe('https:')
    }
    expect(provider.apiHosts).toContain(new URL(token).hostname)
    const own = Object.values(method.endpoints('http://127.0.0.1:9/base'))
    for (const address of own) expect(new URL(address).host).toBe('127.0.0.1:9')
    Object.values(method.scopes).forEach(expectBothLanguages)
    expect(method.appSteps.length).toBeGreaterThan(0)
    method.appSteps.forEach(expectBothLanguages)
  })

  test('says where keys are revoked, where it takes any', () => {
    const method = provider.auth.find(({ kind }) => kind === 'api_key')
    if (method?.kind !== 'api_key') return expect(oauthMethodOf(provider)).toBeDefined()
    expect(new URL(method.keysUrl).protocol).toBe('https:')
  })

  test('takes no key that could not be sent in a header', () => {
    for (const field of keyFieldsOf(provider)) {
      expect(field.pattern?.test('line\nbreak-line-break')).not.toBe(true)
    }
  })

  test('explains its permissions in both languages', () => {
    Object.values(provider.permissions).forEach(expectBothLanguages)
  })

  test('has an icon that draws itself and nothing else', async () => {
    const icon = await readFile(join(import.meta.dirname, id, 'icon.svg'), 'utf8')
    expect(icon).toMatch(/^<svg [^>]*viewBox=/)
    expect(icon).not.toMatch(/<script|on\w+=|href=|<foreignObject/i)
    expect(icon.length).toBeLessThan(4_000)
  })

  test('has a README that tells in both languages how to get a key', async () => {
    const readme = await readFile(join(import.meta.dirname, id, 'README.md'), 'utf8')
    expect(readme).toMatch(/^## English$/m)
    expect(readme).toMatch(/^## Português$/m)
  })

  test('has tools, each once', () => {
    const names = provider.tools.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(0)
    expect(new Set(names).size).toBe(names.length)
  })

  test('gives its tools a client, and keeps nothing of the credential in it', () => {
    const access = {
      credential: { api_key: 'secret-of-this-test', access_token: 'secret-of-this-test' },
      fetch: () => Promise.reject(new Error('no request may be made here')),
      apiUrl: provider.apiUrl,
      signal: new AbortController().signal,
    }
    const api = provider.api(access)
    expect(JSON.stringify(api) ?? '').not.toContain('secret-of-this-test')
  })
})

/** Two providers with nothing to read, or without prompts, are as good as one that has them. */
const rowsOf = <Item extends { name: string }>(items: (provider: Provider) => readonly Item[] | undefined) =>
  registry.providers.flatMap((provider) => (items(provider) ?? []).map((item) => [item.name, item, provider] as const))
const documentRows = rowsOf(({ documents }) => documents)
const templateRows = rowsOf(({ resourceTemplates }) => resourceTemplates)
const promptRows = rowsOf(({ prompts }) => prompts)

test('every resource and every prompt is there once', () => {
  const names = [...documentRows, ...templateRows, ...promptRows].map(([name]) => name)
  const addresses = [...documentRows.map(([, { uri }]) => uri), ...templateRows.map(([, each]) => each.uriTemplate)]
  expect(new Set(names).size).toBe(names.length)
  expect(new Set(addresses).size).toBe(addresses.length)
})

describe.each(documentRows)('document %s', (name, document, provider) => {
  test('has an address of its provider', () => {
    expect(document.uri).toMatch(new RegExp(`^${provider.id}://docs/[a-z0-9-]+$`))
    expect(name.startsWith(`${provider.id}-`)).toBe(true)
  })

  test('says what it is, and says something', () => {
    expectBothLanguages(document.title)
    expect(document.description).toMatch(/^[A-Z].+[.)]$/s)
    expect(document.mimeType).toMatch(/^text\/[a-z]+$/)
    expect(document.text.trim().length).toBeGreaterThan(0)
  })
})

describe.each(templateRows)('resource template %s', (name, template, provider) => {
  test('has an address of its provider, with the variables that it explains', () => {
    expect(template.uriTemplate).toMatch(new RegExp(`^${provider.id}://[a-z]+(?:/[a-z]+|/\\{[a-z_]+\\})+$`))
    expect(name.startsWith(`${provider.id}-`)).toBe(true)
    const names = [...template.uriTemplate.matchAll(/\{([a-z_]+)\}/g)].map(([, variable = '']) => variable)
    expect(Object.keys(template.variables).sort()).toEqual(names.sort())
    expectBothLanguages(template.title)
    expect(template.description).toMatch(/^[A-Z].+[.)]$/s)
  })

  test('says the whole form of its variables', () => {
    for (const pattern of Object.values(template.variables)) {
      expect(pattern.source).toMatch(/^\^.*\$$/)
      expect(pattern.flags).not.toMatch(/[gym]/)
      for (const hostile of ['', '..', 'a/b', 'a%2fb', 'a?b', 'a#b', 'a b', 'a\nb'])
        expect(pattern.test(hostile)).toBe(false)
    }
  })

  test('is read by a tool of its provider that changes nothing', () => {
    const tool = provider.tools.find((candidate) => candidate.name === template.tool)
    expect(tool?.annotations.readOnly).toBe(true)
    const variables = Object.fromEntries(Object.keys(template.variables).map((variable) => [variable, 'x']))
    expect(tool?.input.safeParse(template.argumentsOf(variables)).success).toBe(true)
  })
})

describe.each(promptRows)('prompt %s', (name, prompt, provider) => {
  const given = Object.fromEntries(prompt.arguments.map((argument) => [argument.name, `<${argument.name}>`]))

  test('is named as tools are, and as no tool is', () => {
    expect(name).toMatch(/^[a-z][a-z0-9]*(?:_[a-z0-9]+){2,}$/)
    expect(name.startsWith(`${provider.id}_`)).toBe(true)
    expect(registry.tool(name)).toBeUndefined()
    expectBothLanguages(prompt.title)
    expect(prompt.description).toMatch(/^[A-Z].+[.)]$/s)
  })

  test('has arguments that it explains, and none that the endpoint adds', () => {
    for (const argument of prompt.arguments) {
      expect(argument.name).toMatch(/^[a-z_]+$/)
      expect(argument.name).not.toBe('language')
      expect(argument.description).toMatch(/^[A-Z]/)
    }
    expect(new Set(prompt.arguments.map((argument) => argument.name)).size).toBe(prompt.arguments.length)
  })

  test.each(['en', 'pt'] as const)('uses every argument, needs only the required ones, in %s', (language) => {
    const full = prompt.render(given)[language]
    for (const argument of prompt.arguments) expect(full).toContain(`<${argument.name}>`)
    const required = prompt.arguments.filter((argument) => argument.required)
    const short = prompt.render(Object.fromEntries(required.map((argument) => [argument.name, 'x'])))[language]
    expect(short).not.toMatch(/undefined|null/)
    expect(full.length).toBeLessThan(1_500)
  })

  test('is another text in each language', () => {
    const { en, pt } = prompt.render(given)
    expect(pt).not.toBe(en)
  })

  test.each(['en', 'pt'] as const)('names exactly the tools that it needs, in %s', (language) => {
    const named = new Set(prompt.render(given)[language].match(new RegExp(`\\b${provider.id}_[a-z_]+`, 'g')))
    expect([...named].sort()).toEqual([...prompt.tools].sort())
    for (const tool of prompt.tools) expect(registry.tool(tool)?.provider.id).toBe(provider.id)
  })
})

describe.each(toolRows)('%s', (name, tool: Tool, provider: Provider) => {
  test('is named after its provider', () => {
    expect(name).toMatch(/^[a-z][a-z0-9]*(?:_[a-z0-9]+){2,}$/)
    expect(name.startsWith(`${provider.id}_`)).toBe(true)
    expect(name.length).toBeLessThanOrEqual(64)
  })

  test('has a title in both languages, short enough for a button', () => {
    expectBothLanguages(tool.title)
    expect(tool.title.en.length).toBeLessThanOrEqual(40)
    expect(tool.title.pt.length).toBeLessThanOrEqual(40)
  })

  test('has a description that is a sentence and short', () => {
    expect(tool.description).toMatch(/^[A-Z].+[.)]$/s)
    expect(tool.description.length).toBeLessThanOrEqual(DESCRIPTION_CHARACTERS)
  })

  test('refuses arguments that it does not know', () => {
    expect(jsonSchema(tool)).toMatchObject({ type: 'object', additionalProperties: false })
    const outcome = tool.input.safeParse({ surely_not_an_argument: 1 })
    expect(outcome.success).toBe(false)
  })

  test('has a schema that is plain JSON Schema', () => {
    const schema = JSON.stringify(jsonSchema(tool))
    expect(schema).not.toContain('$ref')
    expect(JSON.parse(schema)).toBeTypeOf('object')
  })

  test('has annotations that do not contradict each other', () => {
    const { readOnly, destructive, idempotent } = tool.annotations
    if (!readOnly) return
    expect(destructive).toBe(false)
    expect(idempotent).toBe(true)
  })

  test('says whether it reaches beyond its user’s own data', () => {
    expect(tool.annotations.openWorld).toBeTypeOf('boolean')
    // Where strangers read what one tool sends, they may have written what another returns.
    const sends = provider.tools.some(({ annotations }) => annotations.openWorld && !annotations.readOnly)
    if (sends && tool.annotations.readOnly) expect(tool.annotations.openWorld).toBe(true)
  })

  test('says by its verb what its annotations say', () => {
    const reads = /_(?:read|get|list|search|query|find|check)(?:_|$)/.test(name)
    const removes = /_(?:archive|delete|remove|trash)(?:_|$)/.test(name)
    expect(tool.annotations.readOnly).toBe(reads)
    if (removes) expect(tool.annotations.destructive).toBe(true)
  })

  test('needs permissions that its provider explains', () => {
    for (const permission of tool.needs) expect(Object.keys(provider.permissions)).toContain(permission)
  })

  test('can be recognised in both languages', () => {
    for (const words of [tool.intent.verbs, tool.intent.nouns]) {
      for (const language of [words.en, words.pt]) {
        expect(language.length).toBeGreaterThan(0)
        expect(new Set(language).size).toBe(language.length)
        for (const word of language) expect(word).toBe(word.trim())
      }
    }
  })

  test('has a deadline within what a caller waits for', () => {
    expect(tool.deadlineMs ?? 1).toBeGreaterThan(0)
    expect(tool.deadlineMs ?? 1).toBeLessThanOrEqual(120_000)
  })
})
