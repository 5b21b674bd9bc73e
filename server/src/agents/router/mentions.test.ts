import { describe, expect, it } from 'vitest'
import { BLOCK, knowledgeWith, PAGE, PERSON, TABLE, THREAD } from '#test/support/router-tools.ts'
import { findMentions } from './mentions.ts'

const { lexicon } = knowledgeWith()

describe('findMentions', () => {
  it.each([
    ['page', `Open the page ${PAGE}`],
    ['page', `Mark the task ${PAGE} as done`],
    [undefined, `https://docs.example/Team-plan-${PAGE.replaceAll('-', '')}`],
    ['database', `the contacts table ${TABLE}`],
    ['database', `na base de tarefas ${TABLE}`],
    ['database', `https://docs.example/${TABLE}?v=1`],
    ['block', `bloco de id ${BLOCK}`],
    ['block', `- [ ] Flag off (block ${BLOCK})`],
    ['block', `https://docs.example/Plan#${BLOCK.replaceAll('-', '')}`],
    ['user', `User ${PERSON} edited it`],
    ['thread', `Ana: "Why?" (discussão ${THREAD}).`],
    [undefined, `the comments on ${PAGE}`],
    [undefined, `os comentários de ${PAGE}`],
    [undefined, `A de contatos é ${TABLE}`],
  ])('says %s of the id in %j', (kind, text) => {
    expect(findMentions(text, lexicon).map((mention) => mention.kind)).toEqual([kind])
  })

  it('keeps the line around an id, for titles', () => {
    const [, second] = findMentions(`- Plan (${PAGE})\n- Rules (${TABLE})`, lexicon)
    expect(second?.around).toContain('rules')
    expect(second?.around).not.toContain('plan')
  })

  it('leaves links without an id alone', () => {
    expect(findMentions('https://docs.example/help', lexicon)).toEqual([])
  })
})
