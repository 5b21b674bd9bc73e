import { join } from 'node:path'
import { ensureInstalled } from './install.mjs'
import { ROOT } from './steps.ts'

/**
 * Programs that others wrote: MCP clients, the protocol's conformance suite, a provider's own MCP server. They are installed
 * apart, for the tests and the bench alone, so that the product stays light.
 */

export const THIRD_PARTY = join(ROOT, 'server', 'test', 'third-party')

/**
 * Installs them unless they are there as their lockfile says. Of several processes one installs, the others wait.
 * @throws Error with the cause and what to do, where the network is missing for example
 */
export async function ensureThirdParty(say: (line: string) => void): Promise<void> {
  await ensureInstalled(THIRD_PARTY, (line) => say(`Programs for the tests: ${line}`))
}

if (import.meta.main) await ensureThirdParty((line) => console.log(line))
