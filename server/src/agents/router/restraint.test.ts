import { describe, expect, it } from 'vitest'
import { BLOCK, brief, decideOn, PAGE, situationOf } from '#test/support/router-tools.ts'
import { isCertain, onlyAsks, refrains } from './restraint.ts'

describe('refrains', () => {
  it.each([
    `Never touch page ${PAGE}`,
    `Did Tom delete ${PAGE}?`,
    `Under no circumstances should page ${PAGE} be removed`,
    `What happens when I archive ${PAGE}?`,
    `Stop renaming ${PAGE}`,
    `Foi o Tom que apagou a ${PAGE}?`,
    `Em hipótese alguma a página ${PAGE} deve ser removida`,
    `Ninguém deve apagar a página ${PAGE}`,
    `Faria mal se eu arquivasse a ${PAGE}?`,
    `Acho que a Ana quer arquivar a ${PAGE}`,
  ])('from %j', (message) => {
    expect(refrains(situationOf(message))).toBe(true)
  })

  it.each([
    `Archive ${PAGE}, it's outdated`,
    `Who edited ${PAGE}?`,
    `I deleted ${PAGE} by mistake`,
    `I can't find the lease`,
    `Não preciso mais de ${PAGE}, pode jogar fora`,
    `Alguém comentou na página ${PAGE}?`,
  ])('not from %j', (message) => {
    expect(refrains(situationOf(message))).toBe(false)
  })
})

describe('onlyAsks', () => {
  it.each([
    [`How do I archive ${PAGE}?`, true],
    [`Can I archive ${PAGE}?`, true],
    [`Could you archive ${PAGE}?`, false],
    [`Posso apagar a ${PAGE}?`, true],
    [`Pode apagar a ${PAGE}?`, false],
    [`I threw away ${PAGE}! Is there any way to get it back?`, false],
  ])('%j: %s', (message, expected) => {
    expect(onlyAsks(situationOf(message))).toBe(expected)
  })
})

describe('isCertain', () => {
  it.each([
    [`Please delete block ${BLOCK}`, true],
    [`I'd be grateful if you could archive ${PAGE}`, true],
    [`In the list on ${PAGE} remove block ${BLOCK}`, true],
    [`aff apaga logo a página ${PAGE}`, true],
    [`The manual says delete block ${BLOCK}`, false],
    [`O manual pede apagar o bloco ${BLOCK}`, false],
  ])('of %j: %s', (message, expected) => {
    expect(isCertain(situationOf(message))).toBe(expected)
  })

  it('is asked of what removes, not of what adds', () => {
    expect(brief(decideOn(`The manual says delete block ${BLOCK}`))).toMatch(/^decline/)
    expect(brief(decideOn(`Nota mental adicione "leite" na página ${PAGE}`))).toMatch(/^docs_append_blocks/)
  })
})
