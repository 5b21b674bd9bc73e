import { existsSync } from 'node:fs'
import { isMet, rowOf, type Figure } from './figures/figure.ts'
import { openHouse } from './figures/house.ts'
import { replayFigures } from './figures/replay.ts'
import { startRival } from './figures/rival.ts'
import { routerFigures } from './figures/router.ts'
import { toolFigures } from './figures/tools.ts'
import { ensureThirdParty } from './third-party.ts'

/**
 * `npm run figures [-- recordings]`: what the Notion tools cost a model to read, next to Notion's own MCP server on the
 * same emulator; how well the built-in router understands; and, given recorded traffic of Notion, how much of it the
 * emulator answers alike. It fails where a bar is missed.
 */

const HOST = '127.0.0.1'

const [recordings] = process.argv.slice(2)
if (recordings !== undefined && !existsSync(recordings)) {
  console.error(`There are no recordings at ${recordings}.`)
  process.exit(1)
}
await ensureThirdParty((line) => console.log(line))
const figures = [
  ...show('Tokens of the o200k vocabulary', await tokens()),
  ...show('The built-in router', routerFigures()),
  ...(recordings === undefined ? [] : show('The emulator against recorded traffic', replayFigures(recordings))),
]
if (recordings === undefined)
  console.log('\nNo recordings were given, so none are replayed: npm run figures -- <file or folder>')
const missed = figures.filter((figure) => isMet(figure) === false)
console.log(missed.length === 0 ? '\nEvery bar is met.' : `\nMissed: ${missed.map(({ name }) => name).join('; ')}`)
process.exitCode = missed.length === 0 ? 0 : 1

async function tokens(): Promise<Figure[]> {
  const house = openHouse(['demo', 'large'])
  const served = await house.emulator.listen({ host: HOST, port: 0 })
  const keys = { demo: house.keyOf('Lumiara'), large: house.keyOf('Large') }
  const rivals = await Promise.all([startRival(served.url, keys.demo), startRival(served.url, keys.large)])
  try {
    return await toolFigures({
      demo: { house, key: keys.demo, rival: rivals[0] },
      large: { house, key: keys.large, rival: rivals[1] },
    })
  } finally {
    await Promise.all(rivals.map((rival) => rival.stop()))
    await served.close()
  }
}

function show(title: string, section: readonly Figure[]): readonly Figure[] {
  console.log(`\n${title}`)
  console.table(Object.fromEntries(section.map((figure) => [figure.name, rowOf(figure)])))
  return section
}
