import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Ban, CircleCheck, Minus } from 'lucide-react'
import type { ProviderApp, ProviderBlock } from '@chaveiro/sdk'
import { providersQuery, sessionQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { AppForm } from './app-form.tsx'
import { CutOff } from './cut-off.tsx'
import { appsQuery, blocksQuery } from './queries.ts'

/** The registrations of this server at providers, and who is cut off. For the owner alone. */
export function Providers() {
  const { t } = useWords()
  const isOwner = useQuery(sessionQuery).data?.user.role === 'owner'
  return isOwner ? <OwnProviders /> : <p className="max-w-prose">{t('admin.owner_only')}</p>
}

function OwnProviders() {
  const { t } = useWords()
  const apps = useQuery(appsQuery)
  const blocks = useQuery(blocksQuery)
  const providers = useQuery(providersQuery)
  return (
    <>
      <section className="grid gap-3">
        <h2 className="text-lg">{t('apps.title')}</h2>
        <p className="max-w-prose text-ink-soft">{t('apps.lede')}</p>
        <Loaded query={apps} skeleton={<Skeletons count={2} className="h-16" />}>
          {(list) => (
            <ul className="divide-y divide-line rounded-card border border-line bg-surface">
              {list.map((app) => (
                <AppRow
                  key={app.provider}
                  app={app}
                  name={providers.data?.find(({ id }) => id === app.provider)?.name ?? app.provider}
                />
              ))}
            </ul>
          )}
        </Loaded>
      </section>
      <section className="grid gap-3">
        <h2 className="text-lg">{t('cut_off.title')}</h2>
        <p className="max-w-prose text-ink-soft">{t('cut_off.lede')}</p>
        <Loaded query={providers} skeleton={<Skeletons count={2} className="h-16" />}>
          {(list) => (
            <ul className="divide-y divide-line rounded-card border border-line bg-surface">
              {list.map(({ id, name }) => (
                <BlockRow key={id} id={id} name={name} block={blocks.data?.find(({ provider }) => provider === id)} />
              ))}
            </ul>
          )}
        </Loaded>
      </section>
    </>
  )
}

function AppRow({ app, name }: { readonly app: ProviderApp; readonly name: string }) {
  const { t } = useWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="break-all font-medium">{name}</p>
        <p className="break-all text-sm text-ink-soft">
          {app.client_id === null ? t('apps.unset_text') : t('apps.client', { id: app.client_id })}
          {app.source === 'settings' ? ` · ${t('apps.from_settings')}` : ''}
        </p>
      </div>
      {app.configured ? (
        <Badge icon={CircleCheck} tone="good" text={t('apps.set')} />
      ) : (
        <Badge icon={Minus} tone="plain" text={t('apps.unset')} />
      )}
      {app.source === 'settings' ? null : (
        <Button
          aria-label={`${t(app.configured ? 'apps.change' : 'apps.set_up')}: ${name}`}
          onClick={() => setOpen(true)}
        >
          {t(app.configured ? 'apps.change' : 'apps.set_up')}
        </Button>
      )}
      <Dialog open={isOpen} onClose={() => setOpen(false)} title={t('apps.app_at', { name })}>
        <AppForm app={app} name={name} onDone={() => setOpen(false)} />
      </Dialog>
    </li>
  )
}

interface BlockRowProps {
  readonly id: string
  readonly name: string
  readonly block: ProviderBlock | undefined
}

function BlockRow({ id, name, block }: BlockRowProps) {
  const { t } = useWords()
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{name}</p>
        {block === undefined || block.reason === '' ? null : (
          <p className="break-words text-sm text-ink-soft">{t('cut_off.because', { reason: block.reason })}</p>
        )}
      </div>
      {block === undefined ? (
        <Badge icon={CircleCheck} tone="good" text={t('cut_off.open')} />
      ) : (
        <Badge icon={Ban} tone="bad" text={t('cut_off.closed')} />
      )}
      <CutOff id={id} name={name} isCutOff={block !== undefined} />
    </li>
  )
}
