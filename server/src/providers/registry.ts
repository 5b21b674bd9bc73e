import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Provider, Tool } from './contract.ts'

/** A tool, and the provider that it belongs to. */
export interface ProviderTool {
  readonly provider: Provider
  readonly tool: Tool
}

/** Every provider that has a folder here, and every tool by its name. */
export interface Registry {
  readonly providers: readonly Provider[]
  /** Those, and the ones that have no folder because they stand for no one service. */
  readonly all: readonly Provider[]
  readonly provider: (id: string) => Provider | undefined
  readonly tool: (name: string) => ProviderTool | undefined
  readonly tools: readonly ProviderTool[]
}

/** The file that makes a folder a provider; its default export is the provider. */
const PROVIDER_FILE = 'provider.ts'

/**
 * Loads every provider folder.
 * @param directory where the folders lie
 * @param further providers that have none; found by their id, and not in the catalogue
 * @throws Error where a folder holds no provider, an id is not its folder's name, or two tools share a name: the server must not start
 */
export async function createRegistry(
  directory: string = import.meta.dirname,
  further: readonly Provider[] = [],
): Promise<Registry> {
  const entries = await readdir(directory, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const providers = await Promise.all(folders.sort().map((folder) => loadProvider(directory, folder)))
  return registryOf(providers, further)
}

async function loadProvider(directory: string, folder: string): Promise<Provider> {
  const module = (await import(pathToFileURL(join(directory, folder, PROVIDER_FILE)).href)) as { default?: Provider }
  const provider = module.default
  if (provider === undefined) throw new Error(`${folder}/${PROVIDER_FILE} has no default export`)
  if (provider.id !== folder) throw new Error(`The provider in ${folder}/ calls itself "${provider.id}"`)
  return provider
}

function registryOf(providers: readonly Provider[], further: readonly Provider[]): Registry {
  const all = [...providers, ...further]
  const tools = all.flatMap((provider) => provider.tools.map((tool) => ({ provider, tool })))
  const byId = new Map(all.map((provider) => [provider.id, provider]))
  const byName = new Map<string, ProviderTool>()
  for (const entry of tools) {
    const taken = byName.get(entry.tool.name)
    if (taken !== undefined) {
      throw new Error(`Two tools are called ${entry.tool.name}: of ${taken.provider.id} and of ${entry.provider.id}`)
    }
    byName.set(entry.tool.name, entry)
  }
  return { providers, all, tools, provider: (id) => byId.get(id), tool: (name) => byName.get(name) }
}
