import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { KeyState } from '@chaveiro/sdk'
import { client } from '../api.ts'
import { useWords, type WordKey } from '../language.ts'
import { AskFirst } from '../parts/ask-first.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { AuditChain } from './audit-chain.tsx'
import { keysQuery } from './queries.ts'
import { Rotation } from './rotation.tsx'

const ROLE_WORDS: Readonly<Record<KeyState['keys'][number]['role'], WordKey>> = {
  primary: 'keys.primary',
  listed: 'keys.listed',
  retired: 'keys.retired',
}

/** Which keys seal how many credentials, moving them to the primary key, and the chain of events. */
export function Keys() {
  const { t } = useWords()
  const keys = useQuery(keysQuery)
  return (
    <>
      <section className="grid gap-3">
        <h2 className="text-lg">{t('keys.title')}</h2>
        <p className="max-w-prose text-ink-soft">{t('keys.lede')}</p>
        <Loaded query={keys} skeleton={<Skeletons count={2} className="h-14" />}>
          {(state) => (
            <>
              <ul className="divide-y divide-line rounded-card border border-line bg-surface">
                {state.keys.map((key) => (
                  <KeyRow key={key.key_id} entry={key} />
                ))}
              </ul>
              {state.unbound === 0 ? null : <p className="text-warn">{t('keys.unbound', { count: state.unbound })}</p>}
              <Rotation state={state} />
            </>
          )}
        </Loaded>
      </section>
      <AuditChain />
    </>
  )
}

function KeyRow({ entry: { key_id: id, role, rows } }: { readonly entry: KeyState['keys'][number] }) {
  const { t } = useWords()
  const queries = useQueryClient()
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="break-all font-mono text-sm">{id}</p>
        <p className="text-sm text-ink-soft">{t(ROLE_WORDS[role])}</p>
      </div>
      <p className="text-sm">{t('keys.rows', { count: rows })}</p>
      {role === 'retired' && rows === 0 ? (
        <AskFirst
          label={t('keys.forget')}
          verb={t('keys.forget_verb', { id })}
          title={t('keys.forget_title', { id })}
          text={<p>{t('keys.forget_text')}</p>}
          act={() => client.admin.keys.retire(id)}
          onDone={() => queries.invalidateQueries({ queryKey: keysQuery.queryKey })}
          isLast
        />
      ) : null}
    </li>
  )
}
