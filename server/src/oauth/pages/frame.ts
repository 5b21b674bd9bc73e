import { html, type Html } from './html.ts'
import { LANGUAGE_PARAMETER, LANGUAGE_TAGS, type Language } from './language.ts'
import { STYLE_ELEMENT } from './style.ts'

/** What every page of signing in and consent shares: the document, the mark, the switch of language. */

export interface Frame {
  readonly language: Language
  /** Path and query of this page without the language, for the switch; none where a page has both. */
  readonly address?: string
  readonly title: string
  readonly body: Html
  /** Where to go by itself, at once: the way back to a client. */
  readonly forwardTo?: string
}

/** Where the console's own icon lies. */
const ICON_PATH = '/icon.svg'

const FRAME_WORDS = {
  en: { other: 'Português', label: 'Language', foot: 'Your accounts, your keys.' },
  pt: { other: 'English', label: 'Idioma', foot: 'Suas contas, suas chaves.' },
} as const

export function pageFrame({ language, address, title, body, forwardTo }: Frame): string {
  const words = FRAME_WORDS[language]
  const refresh =
    forwardTo === undefined ? null : html`<meta http-equiv="refresh" content="${`0; url=${forwardTo}`}" />`
  return html`<!doctype html>
    <html lang="${LANGUAGE_TAGS[language]}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        ${refresh}
        <title>${title} · Chaveiro</title>
        <link rel="icon" href="${ICON_PATH}" type="image/svg+xml" />
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header class="top">
          <span class="brand">${MARK}Chaveiro</span>${address === undefined ? null : languageSwitch(address, language)}
        </header>
        <main><div class="card">${body}</div></main>
        <footer class="foot">${words.foot}</footer>
      </body>
    </html>`.markup
}

function languageSwitch(address: string, language: Language): Html {
  const other: Language = language === 'en' ? 'pt' : 'en'
  const tag = LANGUAGE_TAGS[other]
  const href = withLanguage(address, other)
  return html`<a class="small" hreflang="${tag}" lang="${tag}" href="${href}">${FRAME_WORDS[language].other}</a>`
}

/** The same page or form in a language. */
export function withLanguage(address: string, language: Language): string {
  return `${address}${address.includes('?') ? '&' : '?'}${LANGUAGE_PARAMETER}=${language}`
}

const MARK = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <path
    fill="currentColor"
    fill-rule="evenodd"
    d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 2.2a4.8 4.8 0 0 0-4.8 4.8A4.8 4.8 0 0 0 6.9 12.7V10.6h1.1v-1.2H6.9V7.6h2.2v5.1A4.8 4.8 0 0 0 8 3.2Z"
  />
</svg>`

/** Icons are drawn lines of 1.5; a word always stands beside them. */
const ICON_PATHS = {
  good: 'M5 12.5l4.5 4.5L19 7.5',
  warn: 'M12 4L2.5 20h19L12 4zM12 10v4.5M12 17.2v.3',
  bad: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5v5.5M12 16v.3',
  web: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3.8 6 3.8 9s-.8 6-3.8 9c-3-3-3.8-6-3.8-9S9 6 12 3z',
} as const

export function icon(name: keyof typeof ICON_PATHS): Html {
  return html`<svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d="${ICON_PATHS[name]}" />
  </svg>`
}

/** A box that says something before the eye moves on. */
export function note(kind: 'good' | 'warn' | 'bad' | 'web', title: Html | string, text: Html | string): Html {
  return html`<div class="note ${kind}" ${kind === 'bad' ? html`role="alert"` : null}>
    ${icon(kind)}
    <div><b>${title}</b>${text}</div>
  </div>`
}
