import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Control } from './control/control.ts'
import { createEmulator } from './emulator.ts'
import { replay } from './replay/command.ts'
import { builtinSeed, BUILTIN_SEEDS } from './seeds/builtin.ts'
import type { Seed } from './seeds/format.ts'
import { loadSeed } from './seeds/load.ts'

const HELP = `notion-emulator: a Notion REST API in one process, with nothing behind it

  --seed <name|file.json>   ${BUILTIN_SEEDS.join(', ')}, or a notion-seed/1 file; may be repeated (default demo)
  --port <number>           port of the API (default 8090; 0 takes a free one)
  --host <address>          address to listen on (default 127.0.0.1)
  --control-port <number>   opens the control plane on this port
  --control-secret <text>   its bearer secret (default: made up and printed)
  --redirect-uri <address>  another address that OAuth may return to; may be repeated
  --lenient-version         answers requests without a Notion-Version header
  --rate-limit              counts requests as Notion does and answers 429
  --help

notion-emulator replay <file.jsonl|folder>   compares the emulator with recorded traffic; see replay --help
`

const DEFAULT_PORT = '8090'
const SECRET_BYTES = 18

/** Runs the emulator as a server until SIGINT or SIGTERM, or replays recordings. */
export async function main(args: string[]): Promise<void> {
  if (args[0] === 'replay') {
    process.exitCode = replay(args.slice(1), (text) => process.stdout.write(text))
    return
  }
  await serve(args)
}

async function serve(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', multiple: true },
      port: { type: 'string', default: DEFAULT_PORT },
      host: { type: 'string', default: '127.0.0.1' },
      'control-port': { type: 'string' },
      'control-secret': { type: 'string' },
      'redirect-uri': { type: 'string', multiple: true },
      'lenient-version': { type: 'boolean', default: false },
      'rate-limit': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const seeds = (values.seed ?? ['demo']).flatMap(readSeed)
  for (const seed of seeds) addRedirectUris(seed, values['redirect-uri'] ?? [])
  const emulator = createEmulator({
    seeds,
    lenientVersion: values['lenient-version'],
    limits: { enabled: values['rate-limit'] },
  })
  const controlSecret = values['control-secret'] ?? randomBytes(SECRET_BYTES).toString('base64url')
  const controlPort = values['control-port']
  const server = await emulator.listen({
    port: Number(values.port),
    host: values.host,
    ...(controlPort === undefined ? {} : { controlPort: Number(controlPort), controlSecret }),
  })
  const lines = [`Notion API: ${server.url}`]
  if (server.controlUrl !== null) lines.push(`Control plane: ${server.controlUrl} (secret ${controlSecret})`)
  for (const install of emulator.control.installs()) {
    const owner = install.ownerName === null ? '' : `, ${install.ownerName}`
    const token = emulator.control.mintToken(install.botId, install.botId)
    lines.push(`${token}  ${install.workspaceName}: ${install.integration}${owner}`)
  }
  lines.push(...oauthLines(emulator.control))
  process.stdout.write(`${lines.join('\n')}\n`)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  await server.close()
}

/** Lets the public integrations of a seed return to these addresses, too, also after a reset. */
function addRedirectUris(seed: Seed, addresses: string[]): void {
  for (const integration of seed.integrations ?? []) {
    if (integration.kind === 'public') integration.redirect_uris = [...(integration.redirect_uris ?? []), ...addresses]
  }
}

/** What a client of OAuth needs to know of each public integration. */
function oauthLines(control: Control): string[] {
  return control
    .integrations()
    .filter(({ kind }) => kind === 'public')
    .map(
      ({ clientId = '', clientSecret = '', name, redirectUris }) =>
        `OAuth client ${clientId} ${clientSecret}  ${name}, returns to ${redirectUris.join(' ')}`,
    )
}

function readSeed(name: string): Seed[] {
  return name.endsWith('.json') ? [loadSeed(readFileSync(name, 'utf8'))] : builtinSeed(name)
}
