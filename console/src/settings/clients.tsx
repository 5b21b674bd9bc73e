import { useWords } from '../language.ts'
import { Copy } from '../parts/copy.tsx'

/** Where MCP clients connect, and the pages for what they may do. Those pages are the server's, not the console's. */
export function Clients() {
  const { t, language } = useWords()
  const address = `${window.location.origin}/mcp`
  return (
    <section className="grid gap-2">
      <h2 className="text-lg">{t('settings.clients')}</h2>
      <p className="max-w-prose text-ink-soft">{t('settings.clients_text')}</p>
      <p className="flex flex-wrap items-center gap-3">
        <code className="break-all rounded-control border border-line bg-surface px-2 py-1 font-mono text-sm">
          {address}
        </code>
        <Copy text={address} />
      </p>
      <ul className="flex flex-wrap gap-x-4 gap-y-2">
        <li>
          <a href={`/clients?lang=${language === 'en' ? 'en' : 'pt'}`} className="link">
            {t('settings.your_clients')}
          </a>
        </li>
        <li>
          <a href="/docs" hrefLang="en" className="link">
            {t('settings.api')}
          </a>
        </li>
      </ul>
    </section>
  )
}
