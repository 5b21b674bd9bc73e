import { CircleCheck, ExternalLink } from 'lucide-react'
import type { Connection, DisconnectReceipt, ProviderSummary } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'

/** What ended, and how it had been connected, which says what is left to do. */
export interface Ended {
  readonly receipt: DisconnectReceipt
  readonly method: Connection['method']
}

interface ReceiptProps {
  readonly ended: Ended
  readonly provider: ProviderSummary | undefined
  readonly onClose: () => void
}

/** What was revoked, and what must be revoked by hand and where. */
export function Receipt({ ended: { receipt, method }, provider, onClose }: ReceiptProps) {
  const { t } = useWords()
  const isRemote = provider === undefined || provider.auth.length === 0
  const name = isRemote ? receipt.label : provider.name
  const where = receipt.revoked_at_provider || isRemote ? undefined : placeOf(provider, method)
  const left = receipt.revoked_at_provider
    ? 'disconnect.revoked'
    : method === 'none'
      ? 'disconnect.nothing_left'
      : 'disconnect.not_revoked'
  return (
    <div role="status" className="grid gap-2 rounded-card border border-line bg-surface p-4">
      <p className="flex gap-2 font-medium">
        <CircleCheck size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 shrink-0 text-good" />
        {t('disconnect.done', { label: receipt.label })}
      </p>
      <p className="pl-6 text-ink-soft">{t(left, { name })}</p>
      {where === undefined ? null : (
        <a href={where} target="_blank" rel="noreferrer noopener" className="link flex items-center gap-1.5 pl-6">
          <ExternalLink size={16} strokeWidth={1.5} aria-hidden />
          {t('disconnect.where', { name })}
        </a>
      )}
      <Button look="bare" className="ml-3 justify-self-start" onClick={onClose}>
        {t('close')}
      </Button>
    </div>
  )
}

function placeOf(provider: ProviderSummary, method: Connection['method']): string | undefined {
  const way = provider.auth.find(({ kind }) => kind === method)
  const url = way?.kind === 'oauth2' ? way.grants_url : way?.keys_url
  return url?.startsWith('https://') === true ? url : undefined
}
