import { STYLE_HASH } from './style.ts'

/**
 * No script, no frame; forms only to ourselves. The referrer stays with us but is not turned off: browsers that may not tell it
 * write `Origin: null` on a form, which is how a foreign page looks. The opener of a window keeps its handle to it, because
 * clients on the web open us in a window and wait there for the code.
 */
export const PAGE_HEADERS = {
  'content-security-policy': `default-src 'none'; style-src ${STYLE_HASH}; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'unsafe-none',
  'cache-control': 'no-store',
  vary: 'Accept-Language, Cookie',
}
