/**
 * Somebody before a browser who lets a client in: follows links, signs in, allows. Reads pages as text and knows forms, cookies
 * and redirects, so that whatever needs a script fails here.
 */
export interface Person {
  readonly email: string
  readonly password: string
}

/** Pages between a client's request and its answer: far more than there are. */
const MOST_PAGES = 20

/**
 * Opens the address and does what the pages ask for.
 * @returns the last address: where the authorization server sends the browser, which is not opened
 * @throws Error where the way ends on a page that this person does not understand
 */
export async function letIn(address: string, person: Person): Promise<URL> {
  const cookies = new Map<string, string>()
  const { origin } = new URL(address)
  let next: Step = { url: new URL(address) }
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await fetch(next.url, {
      redirect: 'manual',
      method: next.form === undefined ? 'GET' : 'POST',
      headers: { accept: 'text/html', cookie: cookieHeader(cookies), ...(next.form === undefined ? {} : { origin }) },
      ...(next.form === undefined ? {} : { body: next.form }),
    })
    keep(cookies, answer)
    const text = await answer.text()
    const leadsTo = answer.headers.get('location') ?? refreshOf(text)
    const step: Step | undefined =
      leadsTo === undefined ? answeredForm(text, next.url, person) : { url: new URL(leadsTo, next.url) }
    if (step === undefined) throw new Error(`No way on from ${next.url.pathname} (${answer.status}): ${text}`)
    if (step.url.origin !== origin) return step.url
    next = step
  }
  throw new Error(`Still on the way after ${MOST_PAGES} pages`)
}

interface Step {
  readonly url: URL
  readonly form?: URLSearchParams
}

/** The form of the page that signs in or allows, filled in; what is chosen already stays chosen. */
function answeredForm(text: string, url: URL, { email, password }: Person): Step | undefined {
  for (const [whole = '', attributes = ''] of text.matchAll(/<form([^>]*)>[\s\S]*?<\/form>/g)) {
    const step = ['sign_in', 'allow'].find((value) => whole.includes(`value="${value}"`))
    if (step === undefined) continue
    const form = new URLSearchParams()
    for (const [input = ''] of whole.matchAll(/<input[^>]*>/g)) {
      const isChoice = /type="(checkbox|radio)"/.test(input)
      if (!isChoice || /\schecked[\s/>]/.test(input)) form.append(valueOf(input, 'name'), valueOf(input, 'value'))
    }
    if (step === 'sign_in') {
      form.set('email', email)
      form.set('password', password)
    }
    form.append('step', step)
    return { url: new URL(valueOf(attributes, 'action'), url), form }
  }
  return undefined
}

function valueOf(tag: string, attribute: string): string {
  return unescaped(new RegExp(`\\b${attribute}="([^"]*)"`).exec(tag)?.[1] ?? '')
}

function refreshOf(text: string): string | undefined {
  const address = /http-equiv="refresh" content="0; url=([^"]*)"/.exec(text)?.[1]
  return address === undefined ? undefined : unescaped(address)
}

function unescaped(text: string): string {
  return text
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

function cookieHeader(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}

/** Paths are left aside: a cookie that is sent too often does no harm here. */
function keep(cookies: Map<string, string>, answer: Response): void {
  for (const line of answer.headers.getSetCookie()) {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
    if (value === '' || /max-age=0\b|expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }
}
