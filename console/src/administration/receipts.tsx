import { CircleAlert, CircleCheck } from 'lucide-react'
import type { DisconnectReceipt } from '@chaveiro/sdk'
import { useWords } from '../language.ts'

/** What was ended, and where the provider still has to be told. */
export function Receipts({ receipts }: { readonly receipts: readonly DisconnectReceipt[] }) {
  const { t } = useWords()
  return (
    <div role="status" className="grid gap-2 rounded-card border border-line p-3">
      <p className="font-medium">{t('users.disconnected', { count: receipts.length })}</p>
      <ul className="grid gap-1 text-sm">
        {receipts.map(({ connection_id: id, label, provider, revoked_at_provider: isRevoked }) => {
          const Icon = isRevoked ? CircleCheck : CircleAlert
          return (
            <li key={id} className="flex gap-2">
              <Icon
                size={16}
                strokeWidth={1.5}
                aria-hidden
                className={`mt-0.5 shrink-0 ${isRevoked ? 'text-good' : 'text-warn'}`}
              />
              <span className="min-w-0 break-words">
                {label} · {provider}: {t(isRevoked ? 'disconnect.revoked' : 'disconnect.not_revoked')}
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
