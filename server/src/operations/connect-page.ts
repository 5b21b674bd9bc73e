import type { KeyField, LocalText, Provider } from '#providers/contract.ts'
import { escapeHtml } from '#kernel/escape-html.ts'

/** The page behind a "connect" link: the steps to a key and the request that stores it, from the provider's own folder. */

type Language = keyof LocalText

const WORDS = {
  en: { title: 'Connect', send: 'Send it. It is checked before it is stored:', more: 'More about keys' },
  pt: { title: 'Conectar', send: 'Envie a chave. Ela é testada antes de ser guardada:', more: 'Mais sobre chaves' },
} as const

/** Puts the provider's sections into the console's page, in place of what it says by itself. */
export function connectPage(page: string, provider: Provider, publicUrl: string): string {
  const sections = (['en', 'pt'] as const).map((language) => section(provider, language, publicUrl)).join('\n')
  const start = page.indexOf('<section')
  const end = page.lastIndexOf('</section>') + '</section>'.length
  return page.slice(0, start) + sections + page.slice(end)
}

function section(provider: Provider, language: Language, publicUrl: string): string {
  const words = WORDS[language]
  const fields = provider.auth.flatMap((method) => method.fields)
  const steps = fields.flatMap((field) => field.steps.map((step) => `<li>${escapeHtml(step[language])}</li>`)).join('')
  const id = `connect-${language}`
  return `<section aria-labelledby="${id}" lang="${language === 'pt' ? 'pt-BR' : 'en'}">
<h2 id="${id}">${words.title} ${escapeHtml(provider.name)}</h2>
<ol>${steps}</ol><p>${words.send}</p>
<pre tabindex="0" aria-label="curl">${escapeHtml(curlLine(provider.id, fields, publicUrl))}</pre>
<p><a href="${escapeHtml(provider.docsUrl)}" rel="noreferrer">${words.more}</a> · <a href="/docs">API</a></p></section>`
}

function curlLine(provider: string, fields: readonly KeyField[], publicUrl: string): string {
  const body = JSON.stringify(Object.fromEntries(fields.map(({ name }) => [name, '…'])))
  return `curl -X POST "${publicUrl}/api/mcp/${provider}/connect" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '${body}'`
}
