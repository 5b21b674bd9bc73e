import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EXIT } from './failure.ts'
import { run } from './program.ts'

const TOKEN = { CHAVEIRO_TOKEN: 'chv_test' }
const HASH = 'a'.repeat(64)

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-cli-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function file(name: string, content: string): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

type Answers = Readonly<Record<string, (body: unknown) => unknown>>

/** Runs a command line against a made-up server. */
async function chaveiro(
  line: readonly string[],
  answers: Answers = {},
  more: { environment?: object; input?: string } = {},
) {
  const printed: string[] = []
  const said: string[] = []
  const offline: string[][] = []
  const sent: { url: string; token: string | null; body: unknown }[] = []
  let paused = 0
  const exitCode = await run([...line], {
    environment: { ...TOKEN, ...more.environment },
    fetch: async (url, init) => {
      const request = new Request(url, init)
      const body: unknown = request.method === 'GET' ? undefined : await request.json().catch(() => undefined)
      const { pathname, search } = new URL(request.url)
      sent.push({ url: request.url, token: request.headers.get('authorization'), body })
      const answer = answers[`${request.method} ${pathname}${search}`]
      if (answer === undefined)
        throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) })
      const value = answer(body)
      return value instanceof Response ? value : Response.json(value)
    },
    print: (text) => void printed.push(text),
    say: (text) => void said.push(text),
    readStandardInput: async () => more.input ?? '',
    runOffline: async (command, commandArguments) => {
      offline.push([command, ...commandArguments])
      return EXIT.configuration
    },
    pause: async () => void (paused += 1),
  })
  return { exitCode, printed, said, offline, sent, paused }
}

describe('a command line', () => {
  test.each([
    [['nope'], 'Unknown command nope'],
    [['keys', 'nope'], 'Unknown command nope'],
    [['keys'], 'chaveiro keys takes one of: generate, status, rotate.'],
    [['users'], 'chaveiro users takes one of: list, create.'],
    [['users', 'list', '--flie', 'x'], "Unknown option '--flie'"],
    [['users', 'list', 'extra'], "Unexpected argument 'extra'"],
    [['users', 'list', '--url'], 'argument missing'],
    [['users', 'list', '--url', 'keys.example.com'], '"keys.example.com" is no http or https address.'],
    [['users', 'create', '--email', 'a', '--name', 'b', '--role', 'king'], 'Expected one of: user, admin'],
    [['connections', 'import'], 'Missing required argument: --file'],
    [['db', 'setup'], 'Missing required argument: --admin-url'],
    [['clients'], 'chaveiro clients takes one of: list, revoke.'],
    [['clients', 'revoke'], 'Missing required argument: --id'],
    [['clients', 'revoke', '--id', '1;2'], '--id takes a number'],
    [['tokens', 'create', '--days', '0'], '--days takes a number from 1, or never.'],
    [['audit', 'verify', '--noted', `0:${HASH}`], '--noted takes what'],
    [['nope', '--help'], 'There is no command "nope" of chaveiro.'],
  ])('%j is refused before anything is sent', async (line, words) => {
    const { exitCode, said, sent, printed, offline } = await chaveiro(line)
    expect(exitCode).toBe(EXIT.usage)
    expect(said.join('\n')).toContain(words)
    expect([sent, printed, offline]).toEqual([[], [], []])
  })

  test.each([[[]], [['--help']], [['keys', '--help']], [['keys', 'rotate', '-h']]])(
    '%j shows help with exit codes',
    async (line) => {
      const { exitCode, printed } = await chaveiro(line)
      expect(exitCode).toBe(EXIT.done)
      expect(printed[0]).toContain(['chaveiro', ...line.filter((each) => !each.startsWith('-'))].join(' '))
      expect(printed[0]).toContain('Exit codes: 0 done')
    },
  )

  test('--version prints it', async () => {
    expect((await chaveiro(['--version'])).printed[0]).toMatch(/^\d+\.\d+\.\d+$/)
  })
})

describe('a server', () => {
  const answers = { 'GET /api/admin/keys': () => ({ primary: 'k1', keys: [], unbound: 0 }) }

  test('is the one of --url, else of CHAVEIRO_URL, else the one of this machine', async () => {
    const environment = { CHAVEIRO_URL: 'https://keys.example.com/' }
    const asked = async (line: string[], given: object) =>
      (await chaveiro(line, answers, { environment: given })).sent[0]?.url
    expect(await asked(['keys', 'status'], {})).toBe('http://localhost:8001/api/admin/keys')
    expect(await asked(['keys', 'status'], environment)).toBe('https://keys.example.com/api/admin/keys')
    expect(await asked(['keys', 'status', '--url=http://a:1'], environment)).toBe('http://a:1/api/admin/keys')
  })

  test('is asked with the token of --token-file, else of CHAVEIRO_TOKEN', async () => {
    expect((await chaveiro(['keys', 'status'], answers)).sent[0]?.token).toBe('Bearer chv_test')
    const line = ['keys', 'status', '--token-file', file('token', 'chv_file\n')]
    expect((await chaveiro(line, answers)).sent[0]?.token).toBe('Bearer chv_file')
  })

  test('is not asked without a token', async () => {
    const { exitCode, said, sent } = await chaveiro(['keys', 'status'], answers, {
      environment: { CHAVEIRO_TOKEN: ' ' },
    })
    expect([exitCode, sent]).toEqual([EXIT.notPermitted, []])
    expect(said[0]).toMatch(/chaveiro tokens create .*--scopes admin,account$/)
    for (const line of [['list'], ['revoke', '--id', '1']]) {
      const ofClients = await chaveiro(['clients', ...line], answers, { environment: { CHAVEIRO_TOKEN: ' ' } })
      expect([ofClients.exitCode, ofClients.said[0]]).toEqual([
        EXIT.notPermitted,
        expect.stringMatching(/tokens create .*--scopes account$/),
      ])
    }
    const missing = await chaveiro(['keys', 'status', '--token-file', join(directory, 'none')], answers)
    expect([missing.exitCode, missing.said[0]]).toEqual([EXIT.unreadable, expect.stringContaining('ENOENT')])
  })

  test('that does not answer is told with its address', async () => {
    const { exitCode, said } = await chaveiro(['users', 'list', '--url', 'http://127.0.0.1:9999'])
    expect(exitCode).toBe(EXIT.unavailable)
    expect(said[0]).toContain('No server answers at http://127.0.0.1:9999 (ECONNREFUSED).')
  })

  test.each([
    [401, 'invalid_token', EXIT.notPermitted],
    [403, 'insufficient_scope', EXIT.notPermitted],
    [409, 'conflict', EXIT.refused],
    [500, 'internal_error', EXIT.refused],
  ])('that answers %i is told with its words and its code', async (status, code, exitCode) => {
    const problem = { code, detail: 'So it is.', request_id: 'r-1', path: 'body.x' }
    const result = await chaveiro(['keys', 'status'], {
      'GET /api/admin/keys': () => Response.json(problem, { status }),
    })
    expect(result.exitCode).toBe(exitCode)
    expect(result.said).toEqual([`So it is. [${code} at body.x, request r-1]`])
    expect(result.printed).toEqual([])
  })
})

describe('keys', () => {
  const status = (keys: unknown[], unbound = 0) => ({
    'GET /api/admin/keys': () => ({ primary: 'new', keys, unbound }),
  })
  const primary = { key_id: 'new', role: 'primary', rows: 3 }

  test.each([
    [status([primary]), 'Nothing to do'],
    [status([primary, { key_id: 'old', role: 'listed', rows: 2 }]), 'Next: chaveiro keys rotate'],
    [status([primary, { key_id: 'old', role: 'listed', rows: 0 }]), 'Take it out of MCP_ENCRYPTION_KEY'],
    [status([primary, { key_id: 'old', role: 'retired', rows: 1 }]), 'put the key old back'],
    [status([primary, { key_id: 'old', role: 'retired', rows: 0 }]), 'Nothing to do'],
    [status([primary], 4), 'bind 4 rows that came without being bound'],
    [status([primary], 1), 'bind 1 row that'],
  ])('status says what comes next (%#)', async (answers, words) => {
    const { exitCode, said, printed } = await chaveiro(['keys', 'status'], answers)
    expect([exitCode, printed[0]?.split('\n')[0]]).toEqual([EXIT.done, 'key  role     credentials'])
    expect(said[0]).toContain(words)
  })

  function rotating(steps: { rotated: number; remaining: number; unreadable?: number }[]): Answers {
    const left = [...steps]
    return {
      ...status([primary]),
      'POST /api/admin/keys/rotate': () => {
        const step = left.length > 1 ? left.shift() : left[0]
        return { unreadable: 0, unreadable_connections: step?.unreadable ? [7, 9] : [], ...step }
      },
    }
  }

  test('rotate goes on until nothing remains', async () => {
    const answers = rotating([
      { rotated: 200, remaining: 250 },
      { rotated: 200, remaining: 50 },
      { rotated: 50, remaining: 0 },
    ])
    const { exitCode, printed, said, paused } = await chaveiro(['keys', 'rotate'], answers)
    expect([exitCode, paused]).toEqual([EXIT.done, 0])
    expect(printed).toEqual(['450 sealed again, 0 remaining, 0 unreadable.'])
    expect(said).toEqual([
      '200 sealed again, 250 remaining …',
      '400 sealed again, 50 remaining …',
      expect.stringContaining('Nothing to do'),
    ])
  })

  test('rotate ends with what does not open, and fails', async () => {
    const answers = rotating([{ rotated: 5, remaining: 2, unreadable: 2 }])
    const { exitCode, printed, said } = await chaveiro(['keys', 'rotate'], answers)
    expect([exitCode, printed[0]]).toEqual([EXIT.refused, '5 sealed again, 2 remaining, 2 unreadable.'])
    expect(said.join('\n')).toContain('7, 9')
  })

  test('rotate waits for rows that are busy, but not for ever', async () => {
    const { exitCode, sent, paused } = await chaveiro(['keys', 'rotate'], rotating([{ rotated: 0, remaining: 1 }]))
    expect([exitCode, paused]).toEqual([EXIT.refused, 10])
    expect(sent.filter(({ url }) => url.endsWith('/rotate'))).toHaveLength(11)
    const freed = await chaveiro(
      ['keys', 'rotate'],
      rotating([
        { rotated: 0, remaining: 1 },
        { rotated: 1, remaining: 0 },
      ]),
    )
    expect([freed.exitCode, freed.paused]).toEqual([EXIT.done, 1])
  })

  test.each([['keys', 'generate'], ['keygen']])('%s needs no server', async (...line) => {
    const { offline, exitCode } = await chaveiro(line)
    expect([offline, exitCode]).toEqual([[['keys-generate']], EXIT.configuration])
  })
})

describe('commands on the installation', () => {
  test.each([
    [['doctor'], ['doctor']],
    [
      ['doctor', '--json'],
      ['doctor', '--json'],
    ],
    [['db', 'migrate'], ['db-migrate']],
    [
      ['db', 'setup', '--admin-url', 'postgres://a@b/c'],
      ['db-setup', '--admin-url=postgres://a@b/c'],
    ],
    [
      ['db', 'setup', '--admin-url=postgres://a@b/c', '--database=x'],
      ['db-setup', '--admin-url=postgres://a@b/c', '--database=x'],
    ],
  ])('%j runs %j and ends as it does', async (line, expected) => {
    const { offline, exitCode } = await chaveiro(line)
    expect([offline, exitCode]).toEqual([[expected], EXIT.configuration])
  })
})

describe('audit verify', () => {
  const answer = (more: object) => ({
    'POST /api/admin/audit/verify': () => ({
      intact: true,
      events: 3,
      head: { id: 3, hash: HASH },
      fault: null,
      ...more,
    }),
  })

  test('prints the head, which the next one takes', async () => {
    const first = await chaveiro(['audit', 'verify'], answer({}))
    expect([first.exitCode, first.printed, first.sent[0]?.body]).toEqual([EXIT.done, [`3:${HASH}`], {}])
    const second = await chaveiro(['audit', 'verify', '--noted', String(first.printed[0])], answer({}))
    expect(second.sent[0]?.body).toEqual({ noted: { id: 3, hash: HASH } })
    expect([first.said.length, second.said[0]]).toEqual([1, 'The head that was noted, event 3, is still there.'])
  })

  test('fails where the chain is broken', async () => {
    const { exitCode, printed, said } = await chaveiro(
      ['audit', 'verify'],
      answer({ intact: false, fault: 'event 2 is missing' }),
    )
    expect([exitCode, printed]).toEqual([EXIT.refused, []])
    expect(said[0]).toContain('event 2 is missing')
  })
})

describe('connections', () => {
  const row = { user_email: 'ana@example.com', provider: 'notion', encrypted_credentials: 'gAAAAA' }
  const path = '/api/admin/connections'

  test('export writes one row a line, to a new file of the owner or to standard output', async () => {
    const answers = { [`GET ${path}/export`]: () => ({ connections: [row, row] }) }
    expect((await chaveiro(['connections', 'export'], answers)).printed).toEqual([
      JSON.stringify(row),
      JSON.stringify(row),
    ])
    const target = join(directory, 'out.jsonl')
    const line = ['connections', 'export', '--file', target]
    expect(await chaveiro(line, answers)).toMatchObject({ exitCode: EXIT.done, printed: [] })
    expect(readFileSync(target, 'utf8')).toBe(`${JSON.stringify(row)}\n${JSON.stringify(row)}\n`)
    expect(statSync(target).mode & 0o777).toBe(0o600)
    const again = await chaveiro(line, answers)
    expect([again.exitCode, again.said[0]]).toEqual([EXIT.usage, `${target} exists; choose another name.`])
    const nowhere = await chaveiro(['connections', 'export', '--file', join(directory, 'none', 'out')], answers)
    expect([nowhere.exitCode, nowhere.said[0]]).toEqual([EXIT.unwritable, expect.stringContaining('(ENOENT)')])
  })

  test('import sends what fits into a request, and numbers rows as in the file', async () => {
    const rows = Array.from({ length: 120 }, () => row)
    const answers = {
      [`POST ${path}/import`]: (body: unknown) => ({
        results: (body as { connections: unknown[] }).connections.map((_, index) => {
          return {
            row: index + 1,
            ...row,
            outcome: index === 49 ? 'exists' : 'imported',
            connection_id: 1,
            detail: 'd',
          }
        }),
      }),
    }
    const content = rows.map((each) => JSON.stringify(each)).join('\n')
    const { exitCode, sent, printed, said } = await chaveiro(['connections', 'import', '--file', '-'], answers, {
      input: content,
    })
    expect(sent.map(({ body }) => (body as { connections: unknown[] }).connections.length)).toEqual([50, 50, 20])
    const lines = printed[0]?.split('\n') ?? []
    expect([exitCode, lines.length, lines.at(-1)]).toEqual([EXIT.done, 121, expect.stringMatching(/^120 /)])
    expect(said.at(-1)).toBe('118 imported, 2 there already, 0 refused.')
  })

  test('import fails where a row is refused, and sends nothing of a file that cannot be read', async () => {
    const refused = { row: 1, ...row, outcome: 'refused', connection_id: null, detail: 'No user.' }
    const answers = { [`POST ${path}/import`]: () => ({ results: [refused] }) }
    const line = [
      'connections',
      'import',
      '--file',
      file('in.json', JSON.stringify([{ ...row, user_email: null, user_id: 17 }])),
    ]
    const mapped = await chaveiro([...line, '--users', file('users.json', '{"17": "ana@example.com"}')], answers)
    expect([mapped.exitCode, mapped.sent[0]?.body]).toEqual([EXIT.refused, { connections: [row] }])
    expect(mapped.printed[0]).toContain('refused  –   No user.')
    const unmapped = await chaveiro(line, answers)
    expect([unmapped.exitCode, unmapped.sent]).toEqual([EXIT.unreadable, []])
  })
})

describe('users', () => {
  const user = { id: 1, name: 'Ana', email: 'ana@example.com', role: 'owner', banned: false, created_at: 'then' }

  test('list shows every page', async () => {
    const answers = {
      'GET /api/admin/users?limit=200&cursor=0': () => ({ users: [user], next_cursor: 1 }),
      'GET /api/admin/users?limit=200&cursor=1': () => ({
        users: [{ ...user, id: 2, banned: true }],
        next_cursor: null,
      }),
    }
    const { printed } = await chaveiro(['users', 'list'], answers)
    expect(printed[0]?.split('\n').slice(1)).toEqual([
      '1   ana@example.com  Ana   owner  active     then',
      '2   ana@example.com  Ana   owner  suspended  then',
    ])
  })

  test('create makes a password where none is given, and shows no given one', async () => {
    const answers = { 'POST /api/admin/users': () => user }
    const line = ['users', 'create', '--email', 'ana@example.com', '--name', 'Ana']
    const made = await chaveiro(line, answers)
    expect(made.printed[0]).toMatch(/^[\w-]{24}$/)
    expect(made.said.at(-1)).toContain('POST /api/auth/change-password {"current_password", "new_password"}')
    expect(made.sent[0]?.body).toEqual({
      email: 'ana@example.com',
      name: 'Ana',
      role: 'user',
      password: made.printed[0],
    })
    const given = await chaveiro([...line, '--role=admin', '--password-file', '-'], answers, {
      input: 'a long phrase\nx',
    })
    expect([given.printed, given.sent[0]?.body]).toEqual([
      [],
      expect.objectContaining({ role: 'admin', password: 'a long phrase' }),
    ])
    const none = await chaveiro([...line, '--password-file', '-'], answers, { input: '\n' })
    expect([none.exitCode, none.sent]).toEqual([EXIT.unreadable, []])
  })
})

describe('tokens create', () => {
  const made = { id: 4, scopes: ['admin'], token: 'chv_new', expires_at: null }

  test('prints the token alone on standard output', async () => {
    const answers = { 'POST /api/tokens': () => made }
    const line = ['tokens', 'create', '--name', 'ci', '--scopes', 'admin, account', '--days', 'never']
    const { printed, said, sent } = await chaveiro(line, answers)
    expect([printed, sent[0]?.body]).toEqual([
      ['chv_new'],
      { name: 'ci', scopes: ['admin', 'account'], expires_in_days: null },
    ])
    expect(said[0]).toContain('Token 4 (admin) ends never.')
  })

  test('signs in with --email, and out again even where it fails', async () => {
    const session = {
      'POST /api/auth/sign-in/email': () => ({ token: 's' }),
      'POST /api/auth/sign-out': () => ({ success: true }),
    }
    const denied = () => Response.json({ code: 'forbidden', detail: 'No.' }, { status: 403 })
    const line = ['tokens', 'create', '--email', 'ana@example.com', '--days', '7']
    const input = { input: 'a long phrase\n', environment: { CHAVEIRO_TOKEN: undefined } }
    const { sent } = await chaveiro(line, { ...session, 'POST /api/tokens': () => made }, input)
    expect(sent.map(({ url, token }) => [new URL(url).pathname, token])).toEqual([
      ['/api/auth/sign-in/email', null],
      ['/api/tokens', 'Bearer s'],
      ['/api/auth/sign-out', 'Bearer s'],
    ])
    expect(sent[1]?.body).toEqual({ name: 'chaveiro', expires_in_days: 7 })
    const failed = await chaveiro(line, { ...session, 'POST /api/tokens': denied }, input)
    expect([failed.exitCode, failed.sent.length, failed.said]).toEqual([EXIT.notPermitted, 3, ['No. [forbidden]']])
  })
})

describe('clients', () => {
  const client = { id: 7, name: 'Claude\u009b31m', host: 'claude.ai', scopes: ['tools:read'], last_used_at: null }

  test('list shows what each may do', async () => {
    const clients = [
      { ...client, connections: null },
      { ...client, id: 6, connections: [3, 4] },
    ]
    const { printed } = await chaveiro(['clients', 'list'], { 'GET /api/clients': () => ({ clients }) })
    const [head, first, second] = printed[0]?.split('\n') ?? []
    expect(head).toMatch(/^id +name +host +scopes +connections +last used$/)
    expect(first).toMatch(/^7 +Claude\ufffd31m +claude\.ai +tools:read +all +–$/)
    expect(second).toMatch(/^6 .* 3 4 +–$/)
  })

  test('revoke ends one, and says no where there is none', async () => {
    const answers = { 'DELETE /api/clients/7': () => ({ id: 7, revoked: true }) }
    const { exitCode, said } = await chaveiro(['clients', 'revoke', '--id', '7'], answers)
    expect([exitCode, said]).toEqual([EXIT.done, ['Client 7 has no access any more.']])
    const none = () => Response.json({ code: 'not_found', detail: 'None.' }, { status: 404 })
    const failed = await chaveiro(['clients', 'revoke', '--id', '8'], { 'DELETE /api/clients/8': none })
    expect([failed.exitCode, failed.said]).toEqual([EXIT.refused, ['None. [not_found]']])
  })
})
