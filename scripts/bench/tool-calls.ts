import { callTool, connect } from './memory.ts'
import type { Stage } from './stage.ts'

const WARM_UP_CALLS = 200
const CALLS = 1_000

/** The same search straight at the emulator and through the whole pipeline, one caller, alternating, in the same run. */
export async function measureToolCalls(stage: Stage): Promise<void> {
  const user = 0
  await connect(stage, user)
  for (let call = 0; call < WARM_UP_CALLS; call += 1) {
    await direct(stage, user)
    await callTool(stage, user)
  }
  const directTimes: number[] = []
  const pipelineTimes: number[] = []
  for (let call = 0; call < CALLS; call += 1) {
    directTimes.push(await timed(() => direct(stage, user)))
    pipelineTimes.push(await timed(() => callTool(stage, user)))
  }
  console.log('One tool call, one caller (ms)')
  console.table({
    'straight at the emulator': { p50: at(directTimes, 0.5), p95: at(directTimes, 0.95) },
    'through Chaveiro': { p50: at(pipelineTimes, 0.5), p95: at(pipelineTimes, 0.95) },
  })
}

async function direct(stage: Stage, user: number): Promise<void> {
  const response = await fetch(`${stage.notionUrl}/v1/search`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stage.notionKeys[user]}`,
      'notion-version': '2026-03-11',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query: 'roadmap' }),
  })
  await response.arrayBuffer()
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function at(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  const hundredths = 100
  return Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * hundredths) / hundredths
}
