import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRegistry } from './registry.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'registry-'))
})

afterEach(async () => {
  await rm(directory, { recursive: true })
})

async function folder(name: string, source: string): Promise<void> {
  await mkdir(join(directory, name))
  await writeFile(join(directory, name, 'provider.ts'), source)
}

function providerSource(id: string, tools: readonly string[]): string {
  return `export default { id: '${id}', tools: [${tools.map((name) => `{ name: '${name}' }`).join(', ')}] }`
}

describe('the registry', () => {
  test('finds the providers of this repository by their folders', async () => {
    const registry = await createRegistry()
    expect(registry.providers.length).toBeGreaterThan(0)
    for (const provider of registry.providers) expect(registry.provider(provider.id)).toBe(provider)
  })

  test('finds every tool by its name, with its provider', async () => {
    const registry = await createRegistry()
    expect(registry.tools.length).toBe(registry.providers.flatMap(({ tools }) => tools).length)
    for (const { provider, tool } of registry.tools) {
      expect(registry.tool(tool.name)).toEqual({ provider, tool })
      expect(provider.tools).toContain(tool)
    }
  })

  test('knows nothing by other names', async () => {
    const registry = await createRegistry()
    expect(registry.provider('constructor')).toBeUndefined()
    expect(registry.tool('__proto__')).toBeUndefined()
  })

  test('takes a new folder without anything else being changed, in the order of the names', async () => {
    await folder('zeta', providerSource('zeta', ['zeta_list_things']))
    await folder('alpha', providerSource('alpha', ['alpha_list_things']))
    await writeFile(join(directory, 'contract.ts'), '// a file beside the folders is no provider')
    const registry = await createRegistry(directory)
    expect(registry.providers.map(({ id }) => id)).toEqual(['alpha', 'zeta'])
    expect(registry.tool('zeta_list_things')?.provider.id).toBe('zeta')
  })

  test('refuses two tools of one name, and says whose they are', async () => {
    await folder('alpha', providerSource('alpha', ['search']))
    await folder('beta', providerSource('beta', ['search']))
    await expect(createRegistry(directory)).rejects.toThrow('Two tools are called search: of alpha and of beta')
  })

  test('refuses a provider whose id is not its folder', async () => {
    await folder('alpha', providerSource('beta', []))
    await expect(createRegistry(directory)).rejects.toThrow('The provider in alpha/ calls itself "beta"')
  })

  test('refuses a folder whose file exports no provider', async () => {
    await folder('alpha', 'export const provider = {}')
    await expect(createRegistry(directory)).rejects.toThrow('alpha/provider.ts has no default export')
  })
})
