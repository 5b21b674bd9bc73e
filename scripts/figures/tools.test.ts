import { expect, test } from 'vitest'
import { isMet } from './figure.ts'
import { openHouse } from './house.ts'
import { toolFigures } from './tools.ts'

test('the Notion tools cost no more tokens than they may', async () => {
  const house = openHouse(['demo', 'large'])
  const figures = await toolFigures({
    demo: { house, key: house.keyOf('Lumiara') },
    large: { house, key: house.keyOf('Large') },
  })
  expect(figures.filter((figure) => isMet(figure) === false)).toEqual([])
  // Definitions, five pages and more, three searches and more, two queries of 100 rows.
  expect(figures.filter((figure) => isMet(figure) === true).length).toBeGreaterThanOrEqual(11)
})
