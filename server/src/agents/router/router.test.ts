import { isStepCount, jsonSchema, tool, ToolLoopAgent } from 'ai'
import type { ToolSet } from 'ai'
import { describe, expect, it, vi } from 'vitest'
import { DOCUMENT_TOOLS, NOW, PAGE } from '#test/support/router-tools.ts'
import { createRouter } from './router.ts'

const model = createRouter({ tools: DOCUMENT_TOOLS, now: () => NOW, newId: () => '1' })

function agentWith(execute: (input: unknown) => Promise<unknown>, names = DOCUMENT_TOOLS.map(({ name }) => name)) {
  const offered = DOCUMENT_TOOLS.filter(({ name }) => names.includes(name))
  const tools: ToolSet = Object.fromEntries(
    offered.map(({ name, input_schema }) => [
      name,
      tool({
        inputSchema: jsonSchema(input_schema),
        execute,
        toModelOutput: ({ output }) => ({ type: 'json', value: output as never }),
      }),
    ]),
  )
  return new ToolLoopAgent({
    model,
    tools,
    stopWhen: [isStepCount(5)],
    toolApproval: ({ toolCall }) => (toolCall.toolName.includes('archive') ? 'user-approval' : 'not-applicable'),
  })
}

const found = {
  text: '',
  result: { results: [{ title: 'Plan', url: 'https://docs.example/Plan' }] },
  next_cursor: null,
}

describe('the router as a model', () => {
  it('is called what it is and costs nothing', async () => {
    expect(model).toMatchObject({ specificationVersion: 'v4', provider: 'embedded', modelId: 'embedded/router-1' })
    const { usage } = await agentWith(async () => found).generate({ prompt: 'Find the plan' })
    expect(usage.totalTokens).toBe(0)
  })

  it('makes one call and then puts the result into words', async () => {
    const execute = vi.fn(async () => found)
    const { text, steps } = await agentWith(execute).generate({ prompt: 'Ache o plano e depois abra' })
    expect(execute).toHaveBeenCalledTimes(1)
    expect(steps).toHaveLength(2)
    expect(text).toBe('Encontrei 1 resultado:\n- [Plan](https://docs.example/Plan)')
  })

  it('says of a search for what a request names that the request itself is not done', async () => {
    const execute = vi.fn(async () => found)
    const agent = agentWith(execute)
    const list = '- [Plan](https://docs.example/Plan)\n\n'
    const { text } = await agent.generate({ prompt: 'Archive the page Plan' })
    expect(text).toBe(`I found 1 result:\n${list}I only searched so far. Ask again with the link of the one you mean.`)
    const { text: portuguese } = await agent.generate({ prompt: 'Arquive a página Plano' })
    expect(portuguese).toMatch(/Até aqui eu só busquei\./)
    expect(execute.mock.calls).toHaveLength(2)
    const nothing = agentWith(async () => ({ ...found, result: { results: [] } }))
    expect((await nothing.generate({ prompt: 'Archive the page Plan' })).text).toBe('Nothing was found.')
  })

  it('streams the same', async () => {
    const { stream } = await agentWith(async () => found).stream({ prompt: 'Find the plan' })
    const types: string[] = []
    for await (const part of stream) types.push(part.type)
    expect(types).toEqual(expect.arrayContaining(['tool-call', 'tool-result', 'text-delta', 'finish']))
    expect(types.filter((type) => type === 'tool-call')).toHaveLength(1)
  })

  it('leaves a change to the approval of whoever runs the loop', async () => {
    const execute = vi.fn(async () => found)
    const { content, finishReason } = await agentWith(execute).generate({ prompt: `Archive page ${PAGE}` })
    expect(finishReason).toBe('tool-calls')
    expect(content.map((part) => part.type)).toContain('tool-approval-request')
    expect(execute).not.toHaveBeenCalled()
  })

  it('tells of a failed call instead of trying again', async () => {
    const execute = vi.fn(async () => {
      throw new Error('not_connected: Connect first. https://house.example/connect')
    })
    const { text } = await agentWith(execute).generate({ prompt: 'Find the plan' })
    expect(text).toMatch(/^Docs is not connected yet\..*https:\/\/house\.example\/connect$/)
    expect(execute).toHaveBeenCalledTimes(1)
  })

  it('calls no tool that is not offered', async () => {
    const execute = vi.fn(async () => found)
    const { text } = await agentWith(execute, ['docs_list_users']).generate({ prompt: 'Find the plan' })
    expect(text).toMatch(/not an AI model/)
    expect(text).not.toMatch(/search/)
    expect(execute).not.toHaveBeenCalled()
  })

  it('calls nothing where only words are wanted', async () => {
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Find the plan' }] }]
    const offered = DOCUMENT_TOOLS.map(({ name }) => ({ type: 'function' as const, name, inputSchema: {} }))
    const { content } = await model.doGenerate({ prompt, tools: offered, toolChoice: { type: 'none' } })
    expect(content).toMatchObject([{ type: 'text' }])
  })

  it('stops when it is told to', async () => {
    const abortSignal = AbortSignal.abort()
    await expect(model.doGenerate({ prompt: [], abortSignal })).rejects.toThrow()
  })

  it('answers the same every time', async () => {
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: `Mark page ${PAGE} as done` }] }]
    const offered = DOCUMENT_TOOLS.map(({ name }) => ({ type: 'function' as const, name, inputSchema: {} }))
    const once = await model.doGenerate({ prompt, tools: offered })
    expect(await model.doGenerate({ prompt, tools: offered })).toEqual(once)
  })
})
