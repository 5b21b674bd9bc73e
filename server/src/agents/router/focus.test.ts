import { describe, expect, it } from 'vitest'
import { BLOCK, OTHER, PAGE, situationOf, TABLE } from '#test/support/router-tools.ts'

const TWO_PAGES = `I found:\n- [Milk rules](https://docs.example/Milk-rules-${PAGE.replaceAll('-', '')})\n- [Bean rules](https://docs.example/Bean-rules-${OTHER.replaceAll('-', '')})`

describe('findFocus', () => {
  it('takes what the request names itself before anything said earlier', () => {
    const { focus } = situationOf(`Open ${OTHER}`, 'Find the plan', `"Plan" (${PAGE})`)
    expect(focus.own.map((mention) => mention.id)).toEqual([OTHER])
    expect(focus.recalled).toBeUndefined()
  })

  it('takes the one thing spoken of last for "it"', () => {
    const { focus } = situationOf('Archive it', 'Find the plan', `"Plan" (${PAGE})`)
    expect(focus).toMatchObject({ recalled: { id: PAGE }, how: 'pointer' })
  })

  it.each([
    ['the first one', 'Open the first one', PAGE],
    ['a segunda', 'Abre a segunda', OTHER],
    ['the last one', 'Open the last one', OTHER],
  ])('counts: %s', (_, message, id) => {
    expect(situationOf(message, 'Find rules', TWO_PAGES).focus).toMatchObject({ recalled: { id }, how: 'ordinal' })
  })

  it('knows things by their title', () => {
    expect(situationOf('Open the bean one', 'Find rules', TWO_PAGES).focus).toMatchObject({
      recalled: { id: OTHER },
      how: 'title',
    })
  })

  it('does not choose between two', () => {
    expect(situationOf('Archive it', 'Find rules', TWO_PAGES).focus).toEqual({ own: [], ambiguous: true })
  })

  it('chooses by the kind that is named', () => {
    const before = `The page ${PAGE} has one open item (block ${BLOCK}).`
    expect(situationOf('Delete that block', 'What is open?', before).focus.recalled?.id).toBe(BLOCK)
  })

  it('learns from how an id was used what it is', () => {
    const situation = situationOf('Now only those in Braga', `What columns does ${TABLE} have?`, 'Name, City, Age.')
    expect(situation.kind).toBe('database')
  })

  it('learns it from the sentence around the id', () => {
    expect(situationOf('That one', 'Add a contact', `In which table? The one of contacts is ${TABLE}.`).kind).toBe(
      'database',
    )
  })
})
