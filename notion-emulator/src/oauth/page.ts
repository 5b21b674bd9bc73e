import { createHash } from 'node:crypto'
import { markup, type Markup } from './html.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 34rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.1rem; }
ul { list-style: none; padding-left: 0; }
ul ul { padding-left: 1.5rem; }
label { display: block; padding: 0.15rem 0; }
button { font: inherit; padding: 0.4rem 1.2rem; margin: 1rem 0.5rem 0 0; cursor: pointer; }
small { opacity: 0.75; }
`

/**
 * Headers of every page. No script runs and nothing is loaded. There is no `form-action`: browsers apply it to where
 * a form is redirected, too, which is the client's address.
 */
export const PAGE_HEADERS: Record<string, string> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** A whole page. */
export function page(title: string, content: Markup): string {
  // The style is a constant of this file: it must stand in the page byte for byte as its hash was taken.
  const head = markup`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>${title}</title>
  `
  const style = `<style>${STYLE}</style></head>`
  const body = markup`<body>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>
  </body>`
  return `<!DOCTYPE html><html lang="en">${head.source}${style}${body.source}</html>`
}
