import { expect, it } from 'vitest'
import { oauthMethodOf } from '#providers/contract.ts'
import { createRegistry } from '#providers/registry.ts'
import { loadConfig } from './config.ts'
import { appProblems } from './provider-settings.ts'
import { checkApps, StartError } from './start.ts'

const { providers } = await createRegistry()
const withApp = providers.filter((provider) => oauthMethodOf(provider) !== undefined)

it.each(withApp.map(({ id }) => id.toUpperCase()))(
  'half of an app at %s ends the start and names what is missing',
  async (name) => {
    const [id, secret] = [`${name}_CLIENT_ID`, `${name}_CLIENT_SECRET`]
    for (const [set, missing] of [
      [id, secret],
      [secret, id],
    ] as const) {
      const config = loadConfig({ [set]: 'canary' })
      const problem = new RegExp(`^provider_app_incomplete: ${missing} is not set, but ${set} is\\.`)
      expect(appProblems(config.incompleteApps, providers)).toEqual([expect.stringMatching(problem)])
      const refused = await checkApps(config).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(StartError)
      expect(refused).toMatchObject({ isConfiguration: true, message: expect.not.stringContaining('canary') })
    }
    await checkApps(loadConfig({ [id]: 'a', [secret]: 'b' }))
  },
)

it('a half that belongs to another program is none of ours', async () => {
  expect(withApp.length).toBeGreaterThanOrEqual(3)
  await checkApps(loadConfig({ AZURE_CLIENT_ID: 'a', VAULT_CLIENT_SECRET: 'b' }))
})
