import { createHash } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import type { ClientIdentity } from '#oauth/authorization-server.ts'
import { shownClient, shownName } from './shown-client.ts'
import { consentPage, type ConsentPage } from './consent.ts'
import { html } from './html.ts'
import { LANGUAGES, type Language } from './language.ts'
import { forwardPage, refusalPage } from './message.ts'
import { signInPage, signUpPage } from './sign-in.ts'
import { STYLE_ELEMENT, STYLE_HASH } from './style.ts'
import { PAGE_WORDS, type Fault, type Refusal } from './words.ts'

const PATH = '/oauth/interaction/u1'

/** What people who mean harm call their clients, themselves and their workspaces. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  '</title><svg onload=alert(1)>',
  '&lt;script&gt;&amp;quot;',
  'javascript:alert(1)',
  '${alert(1)} {{7*7}} <%= 1 %>',
  '0; url=https://evil.example/',
  'moc.elgoog\u202e\u2066\u200f',
  'line\r\nSet-Cookie: a=b',
  'nul\u0000byte',
  `${'A'.repeat(10_240)}<b>`,
]

function clientOf(text: string): ClientIdentity {
  return {
    id: text,
    name: text,
    host: text,
    uri: text,
    redirectUri: 'https://claude.ai/callback',
    redirectHost: text,
    isLoopbackOnly: false,
    kind: 'metadata_document',
  }
}

function consentOf(text: string, language: Language, changes: Partial<ConsentPage> = {}): string {
  return consentPage({
    language,
    path: PATH,
    formToken: text,
    client: shownClient(clientOf(text)),
    user: { name: shownName(text), email: text },
    isKnown: false,
    scopes: [
      { scope: 'tools:read', isChosen: true },
      { scope: 'tools:write', isChosen: false },
    ],
    connections: [{ id: 1, provider: text, label: shownName(text), isActive: true, isChosen: true }],
    isAllChosen: true,
    providers: [{ name: text, connectUrl: text }],
    lacksConnection: false,
    ...changes,
  })
}

/** Every page there is, with the same text wherever one is shown. */
function everyPage(text: string, language: Language): string[] {
  const client = shownClient(clientOf(text))
  const form = { language, path: PATH, formToken: text, client, email: text, fault: null }
  return [
    signInPage({ ...form, offersSignUp: true }),
    signUpPage({ ...form, name: text, isFirst: true, needsInvitation: true, passwordMinimum: 8 }),
    consentOf(text, language),
    consentOf(text, language, { connections: [], isKnown: true }),
    forwardPage({
      language,
      path: PATH,
      outcome: 'allowed',
      clientName: client.name,
      forwardTo: '/oauth/authorize/u1',
    }),
    forwardPage({ language, path: PATH, outcome: 'denied', clientName: client.name, forwardTo: '/oauth/authorize/u1' }),
  ]
}

/** Spaces that a browser does not show are a matter of how the source is laid out. */
function squeezed(page: string): string {
  return page
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?\/?>/g, '>')
    .replaceAll('> <', '><')
}

/** The tags of a page with their attributes' names: what a browser would see of its structure. */
function structureOf(page: string): string[] {
  return [...page.matchAll(/<[^>"]*(?:"[^"]*"[^>"]*)*>/g)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, '""'))
}

describe.each(LANGUAGES)('in %s', (language) => {
  test.each(HOSTILE)('%.40j changes no page’s structure', (text) => {
    const plain = everyPage('plain', language)
    for (const [index, page] of everyPage(text, language).entries()) {
      expect(structureOf(page), page.slice(0, 200)).toEqual(structureOf(plain[index] ?? ''))
    }
  })

  it('shows nothing that hides or turns text around, and no endless name', () => {
    for (const text of HOSTILE) {
      const page = consentOf(shownName(text), language)
      expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      expect(page).not.toContain('A'.repeat(100))
    }
  })

  it('has words for every fault and refusal', () => {
    const words = PAGE_WORDS[language]
    for (const kind of Object.keys(words.faults) as Fault[]) {
      const client = shownClient(clientOf('plain'))
      const form = { language, path: PATH, formToken: 't', client, email: 'ana@example.com' }
      const page = signInPage({ ...form, fault: { kind, retryAfterSeconds: 90 }, offersSignUp: false })
      expect(page).toContain('role="alert"')
      expect(page).toMatch(/2 minut/)
      expect(page).toContain('value="ana@example.com"')
    }
    for (const refusal of Object.keys(words.refusals) as Refusal[]) {
      const page = refusalPage({ language, path: PATH, refusal, isOpen: true })
      expect(page).toContain(`href="${PATH}?lang=${language}"`)
      expect(refusalPage({ language, path: PATH, refusal, isOpen: false })).not.toContain(
        `href="${PATH}?lang=${language}"`,
      )
    }
  })

  it('names its language, and leads to the other', () => {
    for (const page of everyPage('plain', language)) {
      expect(page).toContain(`<html lang="${language === 'pt' ? 'pt-BR' : 'en'}">`)
      expect(page).toMatch(new RegExp(`href="[^"]*lang=${language === 'pt' ? 'en' : 'pt'}"`))
    }
  })

  it('has no script, no other style and nothing from elsewhere', () => {
    for (const page of everyPage('plain', language)) {
      expect(page).not.toMatch(/<script|\son\w+=|style="|https?:\/\/(?!www\.w3\.org)/)
      expect(page.split('<style>')).toHaveLength(2)
      expect(page).toContain(STYLE_ELEMENT.markup)
    }
  })
})

it('lets exactly its own style through the policy', () => {
  const [, style = ''] = /^<style>([^<]+)<\/style>$/.exec(STYLE_ELEMENT.markup) ?? []
  expect(STYLE_HASH).toBe(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
})

describe('the page of consent', () => {
  const page = (changes: Partial<ConsentPage>) => squeezed(consentOf('plain', 'en', changes))

  it('lets every scope but the first be unticked', () => {
    const text = page({})
    expect(text).toContain('<input type="checkbox" name="scope" value="tools:write">')
    expect(text).not.toContain('value="tools:read"')
    const only = page({ scopes: [{ scope: 'tools:write', isChosen: true }] })
    expect(only).not.toContain('name="scope"')
    expect(only).toContain('Create and change')
    expect(only).not.toContain('Read and search')
  })

  it('denies on Enter, for its first button is the one that a browser presses', () => {
    const form = page({}).split('<form method="post"')[1]?.split('</form>')[0] ?? ''
    const buttons = [...form.matchAll(/<button([^>]*)>/g)].map(([, attributes]) => attributes)
    const own = buttons.filter((attributes) => !attributes?.includes('form="other"'))
    expect(own.map((attributes) => /value="(\w+)"/.exec(attributes ?? '')?.[1])).toEqual(['deny', 'allow'])
  })

  it('says plainly that a name is no proof on this computer', () => {
    const local = (kind: 'this_computer' | 'app', place: string) =>
      page({ client: { name: 'Claude', describedBy: null, answersTo: { kind, place } } })
    expect(local('this_computer', 'localhost')).toContain('a program on this computer')
    expect(local('app', 'cursor:')).toContain('an app on this device')
    expect(local('app', 'cursor:')).toContain('class="note warn"')
    expect(page({})).not.toContain('class="note warn"')
  })

  it('shows who described the client, and where the access goes', () => {
    const client = { name: 'X', describedBy: 'a.example', answersTo: { kind: 'web', place: 'b.example' } } as const
    expect(page({ client })).toMatch(/Access goes to.*b\.example.*Described by.*a\.example/s)
  })

  it('leads to connecting where there is nothing to choose', () => {
    const text = page({ connections: [], providers: [{ name: 'Example', connectUrl: '/connect/example' }] })
    expect(text).toContain('href="/connect/example"')
    expect(text).toContain('<input type="hidden" name="access" value="all">')
    expect(text).toContain('You have not connected anything yet.')
  })

  it('keeps what was chosen', () => {
    const connections = [
      { id: 1, provider: 'Example', label: 'One', isActive: true, isChosen: false },
      { id: 2, provider: 'Example', label: 'Two', isActive: false, isChosen: true },
    ]
    const text = page({ connections, isAllChosen: false })
    expect(text).toContain('value="some" checked')
    expect(text).toContain('name="connection" value="2" checked')
    expect(text).not.toContain('name="connection" value="1" checked')
    expect(text).toContain('needs to be connected again')
  })
})

describe('markup', () => {
  it('takes markup as it is and everything else as text', () => {
    const inner = html`<b title="${'"'}">${'<'}</b>`
    expect(html`<p>${inner}${[inner, inner]}${null}${0}</p>`.markup).toBe(
      `<p>${'<b title="&#34;">&#60;</b>'.repeat(3)}0</p>`,
    )
  })
})
