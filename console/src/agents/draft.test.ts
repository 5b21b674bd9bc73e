import { expect, it } from 'vitest'
import type { Agent } from '@chaveiro/sdk'
import { changeOf, draftOf } from './draft.ts'

const agent: Agent = {
  id: 1,
  name: 'Ana',
  description: '',
  instructions: '',
  tools: ['a', 'b'],
  model: null,
  shared: false,
  owned: true,
  created_at: '',
  updated_at: '',
}

it('sends what was changed and nothing else', () => {
  expect(changeOf(agent, draftOf(agent))).toEqual({})
  expect(changeOf(agent, { ...draftOf(agent), tools: ['b', 'a'] })).toEqual({})
  expect(changeOf(agent, { ...draftOf(agent), tools: ['a', 'c'], name: 'Bia' })).toEqual({
    tools: ['a', 'c'],
    name: 'Bia',
  })
  expect(changeOf(agent, { ...draftOf(agent), model: 'x/y' })).toEqual({ model: 'x/y' })
})
