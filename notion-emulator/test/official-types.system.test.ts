import { describe, expect, it } from 'vitest'
import { operationOf } from '../src/replay/operations.ts'
import { compile } from './support/compile-answers.ts'
import { raw, testEmulator } from './support/emulator.ts'
import { answerTypeOf, OFFICIAL_STORY, officialShape, type TypedAnswer } from './support/official-types.ts'
import { record } from './support/recorded.ts'

/**
 * Every answer against the types that the official client publishes for it. The compiler is the validator: an answer is
 * written as a literal that has to satisfy its type, so that missing and wrong members are errors, and so are members
 * that the type does not know.
 */

/** All that the tools use but the query of a database, which ended with 2022-06-28. */
const OPERATIONS = 22
const VERSIONS = ['2025-09-03', '2026-03-11']
function answersAt(version: string): TypedAnswer[] {
  return record(`official ${version}`, version, OFFICIAL_STORY).map((line) => {
    const name = `${version} ${line.method} ${line.path}`
    expect(line.status, `${name}: ${JSON.stringify(line.response_body)}`).toBe(200)
    expect(line.response_body['request_id'], name).toBeTypeOf('string')
    return { name, type: answerTypeOf(line), body: officialShape(line.response_body, version) }
  })
}

/** Whatever a seed holds: more kinds of values and blocks than anybody would write into a story. */
function seedAnswers(seed: string, version: string): TypedAnswer[] {
  const emulator = testEmulator(seed)
  const botId = emulator.control.installs()[0]?.botId ?? ''
  const ask = (method: string, path: string, body?: unknown): TypedAnswer => {
    const answer = raw(emulator, `${method} ${path}`, { botId, version, ...(body === undefined ? {} : { body }) })
    const name = `${seed} at ${version}: ${method} ${path}`
    return { name, type: answerTypeOf({ method, path }), body: officialShape(answer.body, version) }
  }
  const found = ask('POST', '/v1/search', {})
  const results = found.body['results'] as { object: string; id: string }[]
  const pages = results
    .filter(({ object }) => object === 'page')
    .map(({ id }) => ask('GET', `/v1/blocks/${id}/children`))
  const sources = results.filter(({ object }) => object === 'data_source')
  return [found, ...pages, ...sources.map(({ id }) => ask('POST', `/v1/data_sources/${id}/query`, {}))]
}

describe('the official types', () => {
  it('fit every answer of the operations that the tools use', async () => {
    const answers = VERSIONS.flatMap(answersAt)
    const driven = VERSIONS.flatMap((version) => record(version, version, OFFICIAL_STORY)).map(operationOf)
    const operations = new Set(driven.flatMap((operation) => (operation?.isTool === true ? operation.name : [])))
    expect(operations.size).toBe(OPERATIONS)
    expect(await compile(answers)).toBe('')
  })

  it('fit whatever the seeds hold', async () => {
    const answers = VERSIONS.flatMap((version) => [
      ...seedAnswers('demo', version),
      ...seedAnswers('two-tenants', version),
    ])
    expect(answers.length).toBeGreaterThan(100)
    expect(await compile(answers)).toBe('')
  })

  it('would tell an answer that has a member too few, too many, or of another type', async () => {
    const [answer] = answersAt('2026-03-11').filter(({ type }) => type === 'PageObjectResponse')
    if (answer === undefined) throw new Error('The story has no page')
    const { url: _url, ...without } = answer.body
    expect(await compile([{ ...answer, body: without }])).toContain('url')
    expect(await compile([{ ...answer, body: { ...answer.body, sparkle: true } }])).toContain('sparkle')
    expect(await compile([{ ...answer, body: { ...answer.body, in_trash: 'no' } }])).toContain("type 'boolean'")
  })
})
