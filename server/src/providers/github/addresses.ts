/** GitHub's own API; an operator's address stands for every host of the provider. */
export const PUBLIC_API = 'https://api.github.com'

const PUBLIC_WEB = 'https://github.com'

/** An own GitHub Enterprise Server has its API below its pages. */
const ENTERPRISE_API = /\/api\/v3\/?$/

/**
 * Where the pages of GitHub are, and the sign-in among them.
 * @param apiUrl the API's base address: GitHub's own, or the operator's
 */
export function webAddress(apiUrl: string): string {
  return apiUrl === PUBLIC_API ? PUBLIC_WEB : apiUrl.replace(ENTERPRISE_API, '').replace(/\/$/, '')
}
