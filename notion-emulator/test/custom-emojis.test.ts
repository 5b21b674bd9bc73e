import { isFullBlock, isFullPage } from '@notionhq/client'
import { describe, expect, it } from 'vitest'
import { builtinSeed } from '../src/index.ts'
import { AURORA_BOT, AURORA_HOME, NOBODY, clientOf, raw, testEmulator } from './support/emulator.ts'

const [aurora, boreal] = builtinSeed('two-tenants')
const own = aurora?.custom_emojis?.[0] ?? { id: '', name: '', url: '' }
const foreign = boreal?.custom_emojis?.[0] ?? { id: '', name: '', url: '' }

describe('custom emojis', () => {
  const emulator = testEmulator('two-tenants')
  const notion = clientOf(emulator, AURORA_BOT)

  it('are those of the workspace, though another one has some of the same name', async () => {
    expect(foreign.name).toBe(own.name)
    const list = await notion.customEmojis.list({})
    expect(list).toEqual({
      object: 'list',
      type: 'custom_emoji',
      results: [own],
      has_more: false,
      next_cursor: null,
      request_id: expect.any(String) as string,
    })
    expect((await notion.customEmojis.list({ name: own.name })).results).toEqual([own])
    expect((await notion.customEmojis.list({ name: own.name.slice(1) })).results).toEqual([])
    expect(raw(emulator, 'GET /v1/custom_emojis?page_size=0').status).toBe(400)
  })

  it('need an install that may read', () => {
    const other = testEmulator('tenant-aurora')
    other.control.grant(AURORA_BOT, { capabilities: ['insert_content'] })
    expect(raw(other, 'GET /v1/custom_emojis').status).toBe(403)
  })

  it('are shown whole as icons and in text, when they are named by id', async () => {
    const page = await notion.pages.create({
      parent: { page_id: AURORA_HOME },
      icon: { custom_emoji: { id: own.id } },
      children: [{ paragraph: { rich_text: [{ mention: { custom_emoji: { id: own.id } } }] } }],
    })
    expect(isFullPage(page) && page.icon).toEqual({ type: 'custom_emoji', custom_emoji: own })
    const [block] = (await notion.blocks.children.list({ block_id: page.id })).results
    const text =
      block !== undefined && isFullBlock(block) && block.type === 'paragraph' ? block.paragraph.rich_text : []
    expect(text[0]).toMatchObject({ plain_text: `:${own.name}:`, mention: { custom_emoji: own } })
  })

  it('of another workspace look like those that nobody has', async () => {
    const look = async (id: string): Promise<string> => {
      const page = await notion.pages.create({ parent: { page_id: AURORA_HOME }, icon: { custom_emoji: { id } } })
      return JSON.stringify(isFullPage(page) && page.icon).replaceAll(id, '<id>')
    }
    expect(await look(foreign.id)).toBe(await look(NOBODY))
  })
})
