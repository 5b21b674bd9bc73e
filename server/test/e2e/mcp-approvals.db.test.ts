import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConsentBrowser, letIn, registerTestClient } from '../support/consent-browser.ts'
import { describeOnEachEngine, type TestDatabase } from '../support/database.ts'
import { mcpMessage } from '../support/mcp-endpoint.ts'
import { createWholeApp, tenantKey, type TestUser, type WholeApp } from '../support/whole-app.ts'

/** Connecting and approving from inside a client of 2026-07-28, message by message, through the whole server. */

const VERSION = '2026-07-28'
const FORM = { elicitation: { form: {} } }
const URL_ONLY = { elicitation: { url: {} } }
const INVALID_PARAMS = -32_602
const ARCHIVE = 'notion_archive_page'
const APPROVE = { approval: { action: 'accept', content: { decision: 'approve' } } }

interface Result {
  readonly resultType?: string
  readonly isError?: boolean
  readonly content?: readonly { readonly text: string }[]
  readonly inputRequests?: Readonly<Record<string, { readonly method: string; readonly params: Record<string, never> }>>
  readonly requestState?: string
}

interface Message {
  readonly result?: Result
  readonly error?: { readonly code: number; readonly message: string }
}

interface Call {
  readonly token: string
  readonly name?: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly capabilities?: object
  /** What a later round brings. */
  readonly more?: Readonly<Record<string, unknown>>
}

describeOnEachEngine('inside an MCP client', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let ana: TestUser
  let users = 0
  let pageId: string
  let messages = 0

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })
  beforeEach(async () => {
    ana = await newUser('ana')
  })

  async function newUser(name: string): Promise<TestUser> {
    users += 1
    return app.signUp(name, `${name}${users}@example.com`)
  }

  const api = async (user: TestUser, method: string, path: string, body?: unknown) =>
    (await app.request(method, path, { token: user.token, ...(body === undefined ? {} : { body }) })).json()

  async function connect(user: TestUser): Promise<void> {
    const workspace = app.emulator.control.installs()[0]?.workspaceName ?? ''
    const connected = await api(user, 'POST', '/api/mcp/notion/connect', {
      api_key: tenantKey(app.emulator, workspace),
    })
    expect(connected).toMatchObject({ connected: true })
  }

  /** A page of the user's own, to be archived. */
  async function newPage(user: TestUser): Promise<string> {
    const found = await api(user, 'POST', '/api/tools/notion_search_pages/call', { arguments: { query: 'Onboarding' } })
    const { results } = found['result'] as { results: readonly { id: string; object: string }[] }
    const made = await api(user, 'POST', '/api/tools/notion_create_page/call', {
      arguments: { parent_id: results.find(({ object }) => object === 'page')?.id, title: 'To archive' },
    })
    const { id } = made['result'] as { id: string }
    return id
  }

  async function isArchived(user: TestUser, id: string): Promise<boolean> {
    const read = await api(user, 'POST', '/api/tools/notion_read_page/call', { arguments: { page_id: id } })
    return /"(archived|in_trash)":true/.test(JSON.stringify(read))
  }

  async function call({
    token,
    name = ARCHIVE,
    arguments: given,
    capabilities = {},
    more = {},
  }: Call): Promise<Message> {
    messages += 1
    const answer = await app.request('POST', '/mcp', {
      token,
      body: {
        jsonrpc: '2.0',
        id: messages,
        method: 'tools/call',
        params: {
          name,
          arguments: given,
          ...more,
          _meta: {
            'io.modelcontextprotocol/protocolVersion': VERSION,
            'io.modelcontextprotocol/clientCapabilities': capabilities,
          },
        },
      },
      headers: {
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': VERSION,
        'mcp-method': 'tools/call',
        'mcp-name': name,
      },
    })
    return mcpMessage(answer.text) as Message
  }

  const textOf = ({ result }: Message) => result?.content?.map(({ text }) => text).join('\n') ?? ''
  const rounds = (state: string | undefined, inputResponses: object = APPROVE) => ({
    more: { requestState: state, inputResponses },
  })

  /** How often the pipeline has called the tool. */
  async function effects(user: TestUser): Promise<number> {
    const rows = await database.asOwner(
      `select 1 from tool_calls where user_id = ${user.id} and tool = '${ARCHIVE}' and status = 'succeeded'`,
    )
    return rows.length
  }

  describe('a call that its user must approve', () => {
    beforeEach(async () => {
      await connect(ana)
      pageId = await newPage(ana)
    })

    const archive = (more: Partial<Call> = {}) =>
      call({ token: ana.token, arguments: { page_id: pageId }, capabilities: FORM, ...more })

    it('of what bears a title reaches that and nothing that took the title over', async () => {
      const change = (page_id: string, title: string) =>
        api(ana, 'POST', '/api/tools/notion_update_page/call', { arguments: { page_id, title } })
      const titled = `Bound ${users}`
      await change(pageId, titled)
      const given = { arguments: { page_id: titled } }
      const asked = await archive(given)
      expect(JSON.stringify(asked.result?.inputRequests)).toContain(pageId)
      const other = await newPage(ana)
      await change(pageId, 'Renamed')
      await change(other, titled)
      const again = await archive({ ...given, ...rounds(asked.result?.requestState) })
      // The page that bears the title now is another call, about which nobody has decided.
      expect(again.result?.isError === true || again.result?.resultType === 'input_required').toBe(true)
      await change(other, 'Renamed, too')
      await change(pageId, titled)
      expect((await archive(given)).result?.isError ?? false).toBe(false)
      expect([await isArchived(ana, pageId), await isArchived(ana, other)]).toEqual([true, false])
      expect(await effects(ana)).toBe(1)
    })

    it('asks with the exact arguments, and is made once when they are approved', async () => {
      const asked = await archive()
      expect(asked.result?.resultType).toBe('input_required')
      const question = asked.result?.inputRequests?.['approval']
      expect(question?.method).toBe('elicitation/create')
      expect(JSON.stringify(question?.params)).toContain(pageId)
      expect(JSON.stringify(question?.params)).toContain('It is about: \\"To archive\\"')
      expect(await isArchived(ana, pageId)).toBe(false)
      const done = await archive(rounds(asked.result?.requestState))
      expect(done.result).toMatchObject({ resultType: 'complete' })
      expect(done.result?.isError ?? false).toBe(false)
      expect([await isArchived(ana, pageId), await effects(ana)]).toEqual([true, 1])
    })

    it('is not made again by the same answer', async () => {
      const state = (await archive()).result?.requestState
      await archive(rounds(state))
      const again = await archive(rounds(state))
      expect(again.result?.isError).toBe(true)
      expect(textOf(again)).toContain('decided before')
      expect(await effects(ana)).toBe(1)
    })

    it('is made once when the same answer comes many times at once', async () => {
      const state = (await archive()).result?.requestState
      const answers = await Promise.all(Array.from({ length: 6 }, () => archive(rounds(state))))
      expect(answers.filter(({ result }) => result?.resultType === 'complete' && result.isError !== true)).toHaveLength(
        1,
      )
      expect(await effects(ana)).toBe(1)
    })

    it.each([
      ['declined', { approval: { action: 'decline' } }],
      ['answered with deny', { approval: { action: 'accept', content: { decision: 'deny' } } }],
    ])('is not made when it is %s, and not asked about again', async (_how, inputResponses) => {
      const state = (await archive()).result?.requestState
      const denied = await archive(rounds(state, inputResponses))
      expect(denied.result?.isError).toBe(true)
      expect(textOf(denied)).toContain('[denied]')
      const again = await archive()
      expect(again.result?.resultType).toBe('complete')
      expect(textOf(again)).toContain('The user denied this very call')
      expect(await effects(ana)).toBe(0)
    })

    it.each([
      ['closed', { approval: { action: 'cancel' } }],
      ['answered with nothing that was asked', { approval: { action: 'accept', content: { decision: 'perhaps' } } }],
      ['accepted without content', { approval: { action: 'accept' } }],
    ])('waits on its page when the question is %s', async (_how, inputResponses) => {
      const state = (await archive()).result?.requestState
      const open = await archive(rounds(state, inputResponses))
      expect(textOf(open)).toMatch(/http:\/\/localhost:8001\/approvals\/\d+ .*\[approval_required\]/)
      expect(await effects(ana)).toBe(0)
      const listed = await api(ana, 'GET', '/api/approvals?status=pending')
      expect(listed['approvals']).toHaveLength(1)
    })

    it('is asked about anew when its arguments changed on the way', async () => {
      const state = (await archive()).result?.requestState
      const other = await newPage(ana)
      const changed = await archive({ arguments: { page_id: other }, ...rounds(state) })
      expect(changed.result?.resultType).toBe('input_required')
      expect(JSON.stringify(changed.result?.inputRequests)).toContain(other)
      expect([await isArchived(ana, other), await effects(ana)]).toEqual([false, 0])
    })

    it('is asked about anew when another tool is called with the answer', async () => {
      const state = (await archive()).result?.requestState
      await api(ana, 'PUT', '/api/tools/notion_read_page/policy', { decision: 'ask' })
      const changed = await archive({ name: 'notion_read_page', ...rounds(state) })
      expect(changed.result?.resultType).toBe('input_required')
    })

    it('takes no state of another user, of another client or of nobody', async () => {
      const state = (await archive()).result?.requestState
      const bruno = await newUser('bruno')
      await connect(bruno)
      const token = String((await api(ana, 'POST', '/api/tokens', { name: 'other client' }))['token'])
      const forged = `${state?.slice(0, -4)}AAAA`
      for (const stranger of [
        archive({ token: bruno.token, ...rounds(state) }),
        archive({ token, ...rounds(state) }),
        archive(rounds(forged)),
      ]) {
        expect((await stranger).error?.code).toBe(INVALID_PARAMS)
      }
      expect([await isArchived(ana, pageId), await effects(bruno)]).toEqual([false, 0])
    })

    it('is not made by an approval that another client of the same user was given', async () => {
      const state = (await archive()).result?.requestState
      const token = String((await api(ana, 'POST', '/api/tokens', { name: 'other client' }))['token'])
      const { approvals } = await api(ana, 'GET', '/api/approvals?status=pending')
      await api(ana, 'POST', `/api/approvals/${(approvals as { id: number }[])[0]?.id}`, { decision: 'approve' })
      expect((await archive({ token })).result?.resultType).toBe('input_required')
      expect(await effects(ana)).toBe(0)
      expect((await archive(rounds(state))).result?.isError ?? false).toBe(false)
      expect(await effects(ana)).toBe(1)
    })

    it('leads to a page where the client cannot ask, and the same call works once it was approved there', async () => {
      const text = textOf(await archive({ capabilities: {} }))
      const [, path] = /http:\/\/localhost:8001(\/approvals\/\d+)/.exec(text) ?? []
      expect(text).toContain('[approval_required]')
      expect(textOf(await archive({ capabilities: {} }))).toContain(path)
      expect((await api(ana, 'POST', `/api${path}`, { decision: 'approve' }))['status']).toBe('approved')
      expect((await archive({ capabilities: {} })).result?.isError ?? false).toBe(false)
      expect([await isArchived(ana, pageId), await effects(ana)]).toEqual([true, 1])
      expect(textOf(await archive({ capabilities: {} }))).toContain('[approval_required]')
    })

    it('says on its page which client asked, and holds for that client alone', async () => {
      const tokens: string[] = []
      for (const name of ['Cursor', 'Claude Code']) {
        const granted = await letIn(app, ana, await registerTestClient(app, name))
        tokens.push(String(granted['access_token']))
      }
      const [cursor = '', claude = ''] = tokens
      const text = textOf(await archive({ token: cursor, capabilities: {} }))
      const [, path = ''] = /http:\/\/localhost:8001(\/approvals\/\d+)/.exec(text) ?? []
      const browser = new ConsentBrowser(app)
      const page = await browser.open(path)
      await browser.press(page, 'sign_in', { email: ana.email, password: ana.password })
      const question = await browser.open(path)
      expect(question.text).toMatch(/Cursor \([^)]+\)/)
      expect(question.text).toContain('To archive')
      await browser.press(question, 'approve', { shown_to: String(ana.id) })
      expect(textOf(await archive({ token: claude, capabilities: {} }))).toContain('[approval_required]')
      expect(await effects(ana)).toBe(0)
      expect((await archive({ token: cursor, capabilities: {} })).result?.isError ?? false).toBe(false)
      expect(await effects(ana)).toBe(1)
    })

    it('is never asked about for a client that may only read', async () => {
      const granted = await letIn(app, ana, await registerTestClient(app), { access: 'all' })
      const refused = await app.request('POST', '/mcp', {
        token: String(granted['access_token']),
        body: {
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: ARCHIVE, arguments: { page_id: pageId } },
        },
        headers: { accept: 'application/json, text/event-stream' },
      })
      expect(refused.status).toBe(403)
      expect((await api(ana, 'GET', '/api/approvals'))['approvals']).toEqual([])
    })

    it('is neither made nor asked about where the policy denies it', async () => {
      const state = (await archive()).result?.requestState
      await api(ana, 'PUT', `/api/tools/${ARCHIVE}/policy`, { decision: 'deny' })
      for (const answer of [await archive(), await archive(rounds(state))]) {
        expect(textOf(answer)).toContain('[denied]')
      }
      expect([await isArchived(ana, pageId), await effects(ana)]).toEqual([false, 0])
    })

    it('is refused before it is asked about where its arguments do not fit', async () => {
      const refused = await archive({ arguments: { page_id: 7 } })
      expect(textOf(refused)).toContain('[invalid_arguments]')
      expect((await api(ana, 'GET', '/api/approvals'))['approvals']).toEqual([])
    })

    it('shows what would mislead as what it is', async () => {
      const asked = await call({
        token: ana.token,
        name: 'notion_update_page',
        arguments: { page_id: pageId, title: 'safe\u202egnp.exe' },
        capabilities: FORM,
      })
      const shown = JSON.stringify(asked.result?.inputRequests ?? asked.result)
      expect(shown).not.toContain('\u202e')
    })
  })

  describe('a call without a connection', () => {
    const search = (more: Partial<Call> = {}) =>
      call({ token: ana.token, name: 'notion_search_pages', arguments: { query: '' }, capabilities: URL_ONLY, ...more })

    it('sends the user to the page, and gives what was asked for once they have connected', async () => {
      const asked = await search()
      expect(asked.result?.resultType).toBe('input_required')
      const { method, params } = asked.result?.inputRequests?.['connect'] ?? {}
      expect([method, params?.['mode'], params?.['url']]).toEqual([
        'elicitation/create',
        'url',
        'http://localhost:8001/connect/notion',
      ])
      await connect(ana)
      const found = await search(rounds(asked.result?.requestState, { connect: { action: 'accept' } }))
      expect(found.result).toMatchObject({ resultType: 'complete' })
      expect(textOf(found)).toMatch(/\b[0-9a-f]{32}\b/)
    })

    it.each(['accept', 'decline', 'cancel'])('gives the link as text after %s without a connection', async (action) => {
      const state = (await search()).result?.requestState
      const refused = await search(rounds(state, { connect: { action } }))
      expect(refused.result).toMatchObject({ resultType: 'complete', isError: true })
      expect(textOf(refused)).toMatch(/http:\/\/localhost:8001\/connect\/notion.*\[not_connected\]/)
    })

    it.each([
      ['nothing', {}],
      ['forms only', FORM],
    ])('gives the link as text to a client that can do %s', async (_what, capabilities) => {
      expect(textOf(await search({ capabilities }))).toMatch(/\/connect\/notion.*\[not_connected\]/)
    })

    it('leads through connecting and then approving, where both are needed', async () => {
      const both = { elicitation: { url: {}, form: {} } }
      const blank = '0'.repeat(32)
      const archive = (more: Partial<Call> = {}) =>
        call({ token: ana.token, arguments: { page_id: pageId }, capabilities: both, ...more })
      pageId = blank
      const toConnect = await archive()
      expect(Object.keys(toConnect.result?.inputRequests ?? {})).toEqual(['connect'])
      await connect(ana)
      pageId = await newPage(ana)
      const toApprove = await archive(rounds(toConnect.result?.requestState, { connect: { action: 'accept' } }))
      expect(Object.keys(toApprove.result?.inputRequests ?? {})).toEqual(['approval'])
      await archive(rounds(toApprove.result?.requestState))
      expect([await isArchived(ana, pageId), await effects(ana)]).toEqual([true, 1])
    })

    it('asks for a new key where the provider does not take the old one any more', async () => {
      await connect(ana)
      await database.asOwner(
        `update mcp_connections set status = 'needs_reauthorization' where user_id = ${ana.id} and provider = 'notion'`,
      )
      await expect
        .poll(async () => (await search()).result?.inputRequests?.['connect']?.params['url'])
        .toBe('http://localhost:8001/connect/notion')
      await connect(ana)
      expect((await search()).result?.isError ?? false).toBe(false)
    })
  })
})
