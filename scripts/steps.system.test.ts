import { expect, test } from 'vitest'
import { runSteps, type Step } from './steps.ts'

const node = (name: string, source: string): Step => ({ name, program: 'node', arguments: ['-e', source] })

test('a step passes by its exit code, and its output is kept', async () => {
  const reported: string[] = []
  const results = await runSteps(
    [node('good', 'console.log("fine")'), node('bad', 'console.error("broken"); process.exit(3)')],
    1,
    ({ name }) => reported.push(name),
  )
  expect(results).toMatchObject([
    { name: 'good', passed: true, output: 'fine\n' },
    { name: 'bad', passed: false, output: 'broken\n' },
  ])
  expect(reported).toEqual(['good', 'bad'])
})

test('a step that a signal ended, or whose program is missing, failed', async () => {
  const killed = node('killed', 'process.kill(process.pid, "SIGKILL")')
  const absent = { name: 'absent', program: 'no-such-program-anywhere', arguments: [] }
  const results = await runSteps([killed, absent], 2, () => {})
  expect(results.map(({ passed }) => passed)).toEqual([false, false])
})

test('steps run together, but never more than asked for', async () => {
  // Each prints when it ran; two at once means that of four half overlap.
  const source = 'const from = Date.now(); setTimeout(() => console.log(from, Date.now()), 500)'
  const results = await runSteps(
    ['a', 'b', 'c', 'd'].map((name) => node(name, source)),
    2,
    () => {},
  )
  const spans = results.map(({ output }) => output.trim().split(' ').map(Number))
  const overlapping = spans.map(
    ([from = 0]) => spans.filter(([start = 0, end = 0]) => start <= from && from < end).length,
  )
  expect(Math.max(...overlapping)).toBe(2)
})
