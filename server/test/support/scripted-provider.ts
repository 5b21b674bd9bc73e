import type { ProviderAccess } from '../../src/providers/contract.ts'

/** A provider that is a list of answers, one for each request, for the tests of a client. */

export type ScriptedAnswer = Response | Error | ((signal: AbortSignal) => Promise<Response>)

export interface SentRequest {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: unknown
}

export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
}

/** A connection that broke before an answer came, as fetch tells of it. */
export const brokenConnection = new TypeError('fetch failed', {
  cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }),
})

/** Access whose requests are answered in turn, an error thrown; one request more than there are answers throws too. */
export function scriptedAccess(
  answers: readonly ScriptedAnswer[],
  access: Pick<ProviderAccess, 'apiUrl' | 'credential'> & Partial<ProviderAccess>,
): { readonly access: ProviderAccess; readonly sent: readonly SentRequest[] } {
  const sent: SentRequest[] = []
  const fetch: ProviderAccess['fetch'] = async (url, init) => {
    sent.push({
      url: url instanceof Request ? url.url : String(url),
      method: init?.method ?? '',
      headers: new Headers(init?.headers),
      body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
    })
    const answer = answers[sent.length - 1]
    if (answer === undefined) throw new Error('One request too many')
    if (answer instanceof Error) throw answer
    return answer instanceof Response ? answer : answer(init?.signal as AbortSignal)
  }
  return { access: { signal: new AbortController().signal, fetch, ...access }, sent }
}
