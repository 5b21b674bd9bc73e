import type { Stage } from './stage.ts'

/** Users who connect and call at the same time. */
const CONCURRENCY = 8
/** The server's round through its caches (30 s) and the idle time of the stage (5 s), and some room. */
const IDLE_WAIT_MS = 45_000

/** Resident memory before anybody connects, after all have connected and called a tool, and after all are idle. */
export async function measureMemory(stage: Stage): Promise<void> {
  const before = stage.residentMegabytes()
  await eachUser(stage, connect)
  const connected = stage.residentMegabytes()
  await eachUser(stage, callTool)
  const active = stage.residentMegabytes()
  await new Promise((resolve) => setTimeout(resolve, IDLE_WAIT_MS))
  console.log('Resident memory of the server (MB)')
  console.table({
    'before anybody connects': before,
    'after all have connected': connected,
    'after all have called a tool': active,
    'after all are idle': stage.residentMegabytes(),
  })
}

async function eachUser(stage: Stage, act: (stage: Stage, user: number) => Promise<void>): Promise<void> {
  let next = 0
  const work = async () => {
    while (next < stage.tokens.length) {
      next += 1
      await act(stage, next - 1)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
}

export async function connect(stage: Stage, user: number): Promise<void> {
  await post(stage, user, '/api/mcp/notion/connect', { api_key: stage.notionKeys[user] })
}

export async function callTool(stage: Stage, user: number): Promise<void> {
  await post(stage, user, '/api/tools/notion_search_pages/call', { arguments: { query: 'roadmap' } })
}

async function post(stage: Stage, user: number, path: string, body: unknown): Promise<void> {
  const response = await fetch(stage.baseUrl + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.tokens[user]}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
}
