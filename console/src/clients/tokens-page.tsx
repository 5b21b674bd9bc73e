import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApiToken, NewApiToken } from '@chaveiro/sdk'
import { client } from '../api.ts'
import { useWords } from '../language.ts'
import { AskFirst } from '../parts/ask-first.tsx'
import { Button } from '../parts/button.tsx'
import { LISTED } from '../parts/listed.ts'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Page } from '../parts/page.tsx'
import { When } from '../parts/when.tsx'
import { AccessTabs } from './access-tabs.tsx'
import { NewToken } from './new-token.tsx'
import { tokensQuery } from './queries.ts'
import { SCOPE_WORDS } from './scope-words.ts'
import { TokenForm } from './token-form.tsx'

/** API tokens, for programs that have no browser to sign in with. */
export function TokensPage() {
  const { t } = useWords()
  const tokens = useQuery(tokensQuery)
  const [isCreating, setCreating] = useState(false)
  const [created, setCreated] = useState<NewApiToken>()
  const close = () => {
    setCreating(false)
    setCreated(undefined)
  }
  return (
    <Page
      title={t('tokens.title')}
      lede={t('tokens.lede')}
      action={
        <Button look="primary" onClick={() => setCreating(true)}>
          {t('tokens.create')}
        </Button>
      }
    >
      <AccessTabs />
      <Loaded query={tokens} skeleton={<Skeletons count={3} className="h-20" />}>
        {(list) =>
          list.length === 0 ? (
            <div className="grid gap-2 rounded-card border border-line bg-surface p-5">
              <h2 className="text-lg">{t('tokens.empty_title')}</h2>
              <p className="max-w-prose text-ink-soft">{t('tokens.empty_text')}</p>
            </div>
          ) : (
            <ul className="divide-y divide-line rounded-card border border-line bg-surface">
              {list.map((token) => (
                <TokenRow key={token.id} token={token} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Dialog open={isCreating} onClose={close} title={created === undefined ? t('tokens.create') : t('tokens.made')}>
        {created === undefined ? <TokenForm onCreated={setCreated} /> : <NewToken token={created} onDone={close} />}
      </Dialog>
    </Page>
  )
}

function TokenRow({ token }: { readonly token: ApiToken }) {
  const { t } = useWords()
  const queries = useQueryClient()
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 p-4">
      <div className="grid min-w-0 flex-1 basis-64 gap-1">
        <h2 className="break-words text-base font-medium">{token.name}</h2>
        <p className="text-sm">{token.scopes.map((scope) => t(SCOPE_WORDS[scope])).join(LISTED)}</p>
        <p className="text-sm text-ink-soft">
          {token.last_used_at === null ? (
            t('tokens.never_used')
          ) : (
            <>
              {t('tokens.last_used')} <When iso={token.last_used_at} />
            </>
          )}
          {' · '}
          {token.expires_at === null ? (
            t('tokens.no_end')
          ) : (
            <>
              {t('tokens.ends')} <When iso={token.expires_at} />
            </>
          )}
        </p>
      </div>
      <AskFirst
        label={t('tokens.revoke')}
        verb={t('tokens.revoke_verb', { name: token.name })}
        title={t('tokens.revoke_title', { name: token.name })}
        text={<p>{t('tokens.revoke_text')}</p>}
        act={() => client.tokens.revoke(token.id)}
        onDone={() => queries.invalidateQueries({ queryKey: tokensQuery.queryKey })}
        isLast
      />
    </li>
  )
}
