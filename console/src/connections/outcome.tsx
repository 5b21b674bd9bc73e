import { CircleAlert, CircleCheck } from 'lucide-react'
import { useEffect } from 'react'
import type { Connection } from '@chaveiro/sdk'
import { useWords, type WordKey } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { dropDraft } from './server-draft.ts'

/** Words that providers and this server end a way by, and the sentence for each; any other has one in common. */
const ERRORS: Readonly<Record<string, WordKey | undefined>> = {
  denied: 'connect_error.denied',
  expired: 'connect_error.expired',
  unknown: 'connect_error.unknown',
  other_browser: 'connect_error.other_browser',
  signed_out: 'connect_error.other_browser',
  other_account: 'connect_error.other_account',
  too_many: 'connect_error.too_many',
  not_configured: 'connect_error.not_configured',
  app_refused: 'connect_error.app_refused',
  provider_unavailable: 'connect_error.provider_unavailable',
  rate_limited: 'connect_error.rate_limited',
  blocked: 'connect_error.blocked',
  ended: 'connect_error.ended',
}

interface OutcomeProps {
  /** Id of the connection that was made. */
  readonly connected: number | undefined
  readonly error: string | undefined
  readonly connections: readonly Connection[]
  readonly onClose: () => void
}

/** How the way to a provider and back ended. */
export function Outcome({ connected, error, connections, onClose }: OutcomeProps) {
  const { t } = useWords()
  const isMade = error === undefined
  useEffect(() => {
    if (connected !== undefined && isMade) dropDraft()
  }, [connected, isMade])
  if (connected === undefined && isMade) return null
  const made = connections.find(({ connection_id: id }) => id === connected)
  const Icon = isMade ? CircleCheck : CircleAlert
  return (
    <div
      role={isMade ? 'status' : 'alert'}
      className={`grid gap-2 rounded-card border p-4 ${isMade ? 'border-line bg-surface' : 'border-bad bg-bad-wash'}`}
    >
      <p className="flex gap-2 font-medium">
        <Icon
          size={16}
          strokeWidth={1.5}
          aria-hidden
          className={`mt-0.5 shrink-0 ${isMade ? 'text-good' : 'text-bad'}`}
        />
        {isMade ? doneText() : t('connections.not_connected')}
      </p>
      {isMade ? null : <p className="pl-6">{t(ERRORS[error] ?? 'connect_error.refused')}</p>}
      <Button look="bare" className="ml-3 justify-self-start" onClick={onClose}>
        {t('close')}
      </Button>
    </div>
  )

  function doneText() {
    return made === undefined ? t('connections.back_unnamed') : t('connections.back', { label: made.label })
  }
}
