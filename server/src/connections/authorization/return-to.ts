import { failure, success, type Outcome } from '#kernel/problem.ts'

/** Longer than any address of our own pages. */
const MAXIMUM_LENGTH = 2_000

/**
 * Where a user is led back to: a path of ours, or an address at one of the origins that the operator trusts. What is
 * compared is what a browser would make of it, so that no spelling leads elsewhere.
 */
export function readReturnTo(
  given: string,
  { publicUrl, returnOrigins }: { readonly publicUrl: string; readonly returnOrigins: ReadonlySet<string> },
): Outcome<string> {
  const url = given.length > MAXIMUM_LENGTH ? null : URL.parse(given, `${publicUrl}/`)
  // An address of another scheme can have one of our origins, too (`blob:`).
  const isPage = url !== null && ['https:', 'http:'].includes(url.protocol) && url.username + url.password === ''
  if (isPage && returnOrigins.has(url.origin)) return success(url.href)
  const detail =
    'return_to must be a path of this server, or an address whose origin its operator allows (CHAVEIRO_ALLOWED_HOSTS).'
  return failure('invalid_request', detail, { path: 'return_to' })
}

/** The address with how it ended. A fragment stays where it was. */
export function withResult(address: string, result: Readonly<Record<string, string>>): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(result)) url.searchParams.set(name, value)
  return url.href
}
