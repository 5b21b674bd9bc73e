import { builtinSeed, createEmulator, type Emulator } from '../../notion-emulator/src/index.ts'

/** A made-up workspace and the key that reads all of what its integration was given. */
export interface DemoWorkspace {
  readonly name: string
  readonly notionApiKey: string
}

const SEEDS = ['two-tenants', 'demo']

/** A Notion with the demo's workspaces. Its content starts anew with every demo; its keys stay the same. */
export function createDemoNotion(): { emulator: Emulator; workspaces: readonly DemoWorkspace[] } {
  const emulator = createEmulator({ seeds: SEEDS.flatMap(builtinSeed) })
  const { control } = emulator
  // Internal integrations belong to a whole workspace: what a person who pastes a key has. The first sees the most.
  const installs = control.installs().filter(({ kind }) => kind === 'internal')
  const workspaces = control.workspaces().map(({ id, name }) => {
    const install = installs.find(({ workspaceId }) => workspaceId === id)
    if (install === undefined) throw new Error(`The seed of ${name} has no internal integration.`)
    return { name, notionApiKey: control.mintToken(install.botId, install.botId) }
  })
  return { emulator, workspaces }
}

/** The registration of this server at the made-up Notion, so that people can connect by allowing access on its pages. */
export interface DemoApp {
  readonly clientId: string
  readonly clientSecret: string
}

/** @param publicUrl where browsers reach the server */
export function registerDemoApp({ control }: Emulator, publicUrl: string): DemoApp {
  const redirectUris = [`${publicUrl}/api/mcp/notion/callback`]
  const { clientId, clientSecret } = control.createIntegration({ name: 'Chaveiro', kind: 'public', redirectUris })
  if (clientId === undefined || clientSecret === undefined)
    throw new Error('A public integration has an id and a secret')
  return { clientId, clientSecret }
}
