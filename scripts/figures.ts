import { isMet, rowOf, type Figure } from './figures/figure.ts'
import { openHouse } from './figures/house.ts'
import { startRival } from './figures/rival.ts'
import { toolFigures } from './figures/tools.ts'
import { ensureThirdParty } from './third-party.ts'

/**
 * `npm run figures`: what the Notion tools cost a model to read, next to Notion's own MCP server on the same emulator.
 * It fails where a bar is missed.
 */

const HOST = '127.0.0.1'

await ensureThirdParty((line) => console.log(line))
const figures = await tokens()
print('Tokens of the o200k vocabulary', figures)
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

function print(title: string, section: readonly Figure[]): void {
  console.log(`\n${title}`)
  console.table(Object.fromEntries(section.map((figure) => [figure.name, rowOf(figure)])))
}
