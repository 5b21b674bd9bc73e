import { MockLanguageModelV4 } from 'ai/test'
import { describe, expect, it } from 'vitest'
import { ENTRIES } from '#test/support/agents.ts'
import { createModels } from './create-models.ts'
import { ROUTER_ID, type ModelsConfiguration } from './model.ts'

const NONE: ModelsConfiguration = {
  defaultModel: undefined,
  anthropicKey: undefined,
  anthropicUrl: undefined,
  openaiKey: undefined,
  openaiUrl: undefined,
  googleKey: undefined,
  googleUrl: undefined,
  compatibleUrl: undefined,
  compatibleKey: undefined,
  compatibleModels: [],
  prices: new Map(),
}

function open(configuration: Partial<ModelsConfiguration> = {}) {
  const routers: unknown[] = []
  const models = createModels(
    { ...NONE, ...configuration },
    {
      fetch: () => Promise.reject(new Error('nothing leaves')),
      createRouter(options) {
        routers.push(options)
        return new MockLanguageModelV4({ modelId: 'router-1' })
      },
    },
  )
  return { models, routers }
}

describe('models', () => {
  it('without a key are the built-in router alone, which says that it is no AI model', () => {
    const { models, routers } = open()
    expect(models.entries).toEqual([
      {
        id: ROUTER_ID,
        provider: 'embedded',
        name: 'Built-in router (not an AI model)',
        is_llm: false,
        is_default: true,
      },
    ])
    expect(models.resolve(null, ENTRIES)).toMatchObject({ ok: true, value: { id: ROUTER_ID, isLlm: false } })
    expect(routers).toEqual([{ tools: ENTRIES }])
  })

  it('with a key are those of its provider too, the default first', () => {
    const { models } = open({ anthropicKey: 'k', defaultModel: 'anthropic/claude-opus-5-5' })
    expect(models.entries.map(({ id, is_default: isDefault }) => [id, isDefault])).toEqual([
      ['anthropic/claude-opus-5-5', true],
      ['anthropic/claude-sonnet-5-5', false],
      ['anthropic/claude-haiku-5-5', false],
      [ROUTER_ID, false],
    ])
    const resolved = models.resolve(null, [])
    expect(resolved).toMatchObject({ ok: true, value: { id: 'anthropic/claude-opus-5-5', isLlm: true } })
  })

  it.each([
    ['anthropic/claude-of-tomorrow', true],
    ['compatible/qwen/qwen3-8b', true],
    ['compatible/other', false],
    ['openai/gpt-5.6', false],
    ['anthropic/', false],
    ['anthropic', false],
    ['', false],
    [ROUTER_ID, true],
    ['embedded/other', false],
  ])('know %s: %s', (id, known) => {
    const { models } = open({ anthropicKey: 'k', compatibleUrl: 'http://h/v1', compatibleModels: ['qwen/qwen3-8b'] })
    expect(models.knows(id)).toBe(known)
    expect(models.resolve(id, []).ok).toBe(known)
  })

  it('say so where an agent names one that is no longer configured, and use no other instead', () => {
    const { models, routers } = open()
    expect(models.resolve('openai/gpt-5.6', [])).toMatchObject({ ok: false, problem: { code: 'unavailable' } })
    expect(routers).toEqual([])
  })

  it('refuse a default that nothing can answer, at start', () => {
    expect(() => open({ defaultModel: 'openai/gpt-5.6' })).toThrow(/openai\/gpt-5\.6/)
  })

  it('do not show a key wherever they are printed', () => {
    const { models } = open({ anthropicKey: 'sk-hidden', openaiKey: 'sk-hidden', googleKey: 'sk-hidden' })
    expect(JSON.stringify(models.entries)).not.toContain('sk-hidden')
  })
})
