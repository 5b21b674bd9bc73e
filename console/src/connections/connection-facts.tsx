import { Check, Minus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Connection, ProviderSummary } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { When } from '../parts/when.tsx'
import { UsedBy } from './used-by.tsx'

/** Since when, last used and by whom, what went wrong last. */
export function ConnectionFacts({ connection }: { readonly connection: Connection }) {
  const { t } = useWords()
  const { last_used_at: lastUsed, next_refresh_at: nextRefresh, last_error: error, last_error_at: errorAt } = connection
  return (
    <dl className="grid gap-1 text-sm">
      <Fact name={t('connection.since')}>
        <When iso={connection.connected_at} />
      </Fact>
      <Fact name={t('connection.last_used')}>
        {lastUsed === null ? t('connection.never_used') : <When iso={lastUsed} />}
      </Fact>
      <Fact name={t('connection.used_by')}>
        <UsedBy id={connection.connection_id} />
      </Fact>
      {nextRefresh === null ? null : (
        <Fact name={t('connection.next_refresh')}>
          <When iso={nextRefresh} />
        </Fact>
      )}
      {error === null || errorAt === null || connection.connected ? null : (
        <Fact name={t('connection.last_error')}>
          {/* The server explains itself in English. */}
          <span lang="en">{error}</span> · <When iso={errorAt} />
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex flex-wrap gap-x-2">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  )
}

const LOOKS = {
  yes: { icon: Check, look: 'text-good', word: 'permission.yes' },
  no: { icon: X, look: 'text-bad', word: 'permission.no' },
  unknown: { icon: Minus, look: 'text-ink-soft', word: 'permission.unknown' },
} as const

interface PermissionsProps {
  readonly connection: Connection
  readonly provider: ProviderSummary | undefined
}

/** What the key may do, in the provider's own words for it. */
export function Permissions({ connection, provider }: PermissionsProps) {
  const { t, local } = useWords()
  const known = Object.entries(connection.permissions).filter(([id]) => provider?.permissions[id] !== undefined)
  if (known.length === 0) return null
  return (
    <ul className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-2">
      {known.map(([id, allowed]) => {
        const { icon: Icon, look, word } = LOOKS[allowed === null ? 'unknown' : allowed ? 'yes' : 'no']
        const text = provider?.permissions[id]
        return (
          <li key={id} className="flex gap-1.5">
            <Icon size={16} strokeWidth={1.5} aria-hidden className={`mt-0.5 shrink-0 ${look}`} />
            <span>
              <span className="sr-only">{t(word)}: </span>
              {text === undefined ? id : local(text)}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
