/** Conversations as long, and as many, as a person has after years: for tests that look at how the console takes them. */

const AT = '2026-11-22T12:00:00.000Z'

/** Newest first, as the server lists them. */
export function manyThreads(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: count - index,
    agent_id: 1,
    title: `Conversa ${count - index}`,
    created_at: AT,
    updated_at: AT,
  }))
}

const RESULTS = 20

/** Questions and answers in turn, numbered from 1; each answer has a call, a list and a table. */
export function longThread(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const id = index + 1
    const isAsked = id % 2 === 1
    return {
      id,
      run_id: Math.ceil(id / 2),
      role: isAsked ? 'user' : 'assistant',
      parts: isAsked ? [{ type: 'text', text: `Pergunta ${id}` }] : answerParts(id),
      metadata: isAsked ? {} : { status: 'succeeded', model: { id: 'acme/large', is_llm: true } },
      created_at: AT,
      replaced_by_run_id: null,
    }
  })
}

function answerParts(id: number) {
  const results = Array.from({ length: RESULTS }, (_, row) => ({
    id: row,
    title: `Página ${row}`,
    url: 'https://n.example',
  }))
  const table = results.map(({ title, url }) => `| ${title} | ${url} |`).join('\n')
  return [
    {
      type: 'tool-notion_search_pages',
      toolCallId: `c${id}`,
      state: 'output-available',
      input: { query: `assunto ${id}` },
      output: { text: results.map(({ title }) => `- **${title}**`).join('\n'), result: { results }, duration_ms: 80 },
    },
    { type: 'text', text: `Resposta ${id}\n\n- um\n- dois\n\n| Página | Endereço |\n|---|---|\n${table}` },
  ]
}
