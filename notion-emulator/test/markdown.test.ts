import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import { AURORA_HOME, AURORA_TASKS_DATABASE, raw, testEmulator, title } from './support/emulator.ts'

const START = '# Plan\n- one\n- two\n\t- deep\n---\nThe end'

describe('pages as Markdown', () => {
  let emulator: Emulator
  let page: string

  beforeEach(() => {
    emulator = testEmulator('tenant-aurora')
    const made = raw(emulator, 'POST /v1/pages', {
      body: { parent: { page_id: AURORA_HOME }, properties: { title: title('Doc') }, markdown: START },
    })
    page = String(made.body['id'])
  })

  const read = (id = page) => raw(emulator, `GET /v1/pages/${id}/markdown`).body
  const blocks = (id = page) =>
    raw(emulator, `GET /v1/blocks/${id}/children`).body['results'] as {
      id: string
      type: string
      has_children: boolean
    }[]
  const ids = () => blocks().map((block) => block.id)
  const patch = (type: string, command: object) =>
    raw(emulator, `PATCH /v1/pages/${page}/markdown`, { body: { type, [type]: command } }).body
  const update = (...updates: object[]) => patch('update_content', { content_updates: updates })

  it('read back as they were written', () => {
    expect(read()).toEqual({
      object: 'page_markdown',
      id: page,
      markdown: START,
      truncated: false,
      unknown_block_ids: [],
      request_id: expect.any(String) as unknown,
    })
  })

  it('are read by block too: the block with what is below it', () => {
    const two = blocks().find((block) => block.has_children)
    expect(read(two?.id)['markdown']).toBe('- two\n\t- deep')
  })

  it('are not read from a database', () => {
    expect(read(AURORA_TASKS_DATABASE)).toMatchObject({ status: 400, code: 'validation_error' })
  })

  it('refuse the dialect that is announced for later', () => {
    expect(raw(emulator, `GET /v1/pages/${page}/markdown?markdown_version=v2`).status).toBe(400)
    expect(raw(emulator, `GET /v1/pages/${page}/markdown?markdown_version=v1`).status).toBe(200)
  })

  it('keep every block that an edit does not touch, and change the touched one in place', () => {
    const before = ids()
    const answer = update({ old_str: '- one', new_str: '- uno' })
    expect(answer['markdown']).toBe(START.replace('one', 'uno'))
    expect(ids()).toEqual(before)
  })

  it('change a block deep down without making its parents anew', () => {
    const before = ids()
    const two = blocks().find((block) => block.has_children)?.id ?? ''
    const [deep] = blocks(two)
    update({ old_str: 'deep', new_str: 'deeper' })
    expect(ids()).toEqual(before)
    expect(blocks(two).map((block) => block.id)).toEqual([deep?.id])
  })

  it('give new blocks new ids between those that stay', () => {
    const before = ids()
    update({ old_str: '---', new_str: 'new\n---' })
    const after = ids()
    expect(after.filter((id) => before.includes(id))).toEqual(before)
    expect(after).toHaveLength(before.length + 1)
  })

  it('are edited all or nothing', () => {
    const answer = update({ old_str: '- one', new_str: '- uno' }, { old_str: 'absent', new_str: 'x' })
    expect(answer).toMatchObject({ status: 400, code: 'validation_error' })
    expect(read()['markdown']).toBe(START)
  })

  it('refuse an edit that fits in several places, unless all are meant', () => {
    expect(update({ old_str: '- ', new_str: '1. ' })).toMatchObject({ status: 400 })
    const answer = update({ old_str: '- ', new_str: '1. ', replace_all_matches: true })
    expect(answer['markdown']).toBe('# Plan\n1. one\n2. two\n\t1. deep\n---\nThe end')
  })

  it('take new content at the start, at the end and behind a text', () => {
    patch('insert_content', { content: 'first', position: { type: 'start' } })
    patch('insert_content', { content: 'last' })
    const { markdown } = patch('insert_content', { content: '- one and a half', after: '- one\n' })
    expect(markdown).toBe('first\n# Plan\n- one\n- one and a half\n- two\n\t- deep\n---\nThe end\nlast')
  })

  it('only append when they are told to: every block there was stays', () => {
    const before = ids()
    patch('insert_content', { content: 'last' })
    expect(ids().slice(0, before.length)).toEqual(before)
  })

  it('replace a range and the whole', () => {
    expect(patch('replace_content_range', { content: 'x', content_range: '- one...deep' })['markdown']).toBe(
      '# Plan\nx\n---\nThe end',
    )
    expect(patch('replace_content', { new_str: '' })['markdown']).toBe('')
  })

  describe('with a page below', () => {
    let child: string
    let tag: string

    beforeEach(() => {
      child = String(
        raw(emulator, 'POST /v1/pages', { body: { parent: { page_id: page }, properties: { title: title('Sub') } } })
          .body['id'],
      )
      tag = String(read()['markdown']).split('\n').at(-1) ?? ''
    })

    it('refuse to lose it, unless that is allowed', () => {
      const answer = patch('replace_content', { new_str: 'gone' })
      expect(answer).toMatchObject({ status: 400, code: 'validation_error' })
      expect(answer['message']).toContain('Sub')
      expect(patch('replace_content', { new_str: 'gone', allow_deleting_content: true })['markdown']).toBe('gone')
      expect(raw(emulator, `GET /v1/pages/${child}`).body['in_trash']).toBe(true)
    })

    it('move it with its tag, also below another block', () => {
      const answer = patch('replace_content', { new_str: `- list\n\t${tag}\nend` })
      expect(answer['markdown']).toBe(`- list\n\t${tag}\nend`)
      const parent = raw(emulator, `GET /v1/pages/${child}`).body['parent']
      expect(parent).toEqual({ type: 'block_id', block_id: blocks()[0]?.id })
      expect(patch('replace_content', { new_str: `${tag}\n- list` })['markdown']).toBe(`${tag}\n- list`)
      expect(raw(emulator, `GET /v1/pages/${child}`).body['parent']).toEqual({ type: 'page_id', page_id: page })
    })

    it('do not pull in a page from elsewhere by naming it', () => {
      const other = raw(emulator, 'POST /v1/pages', {
        body: { parent: { page_id: AURORA_HOME }, properties: { title: title('Other') } },
      }).body
      const foreign = tag.replace(child.replaceAll('-', ''), String(other['id']).replaceAll('-', ''))
      patch('insert_content', { content: foreign })
      expect(raw(emulator, `GET /v1/pages/${String(other['id'])}`).body['parent']).toEqual({
        type: 'page_id',
        page_id: AURORA_HOME,
      })
    })
  })
})
