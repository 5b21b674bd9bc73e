import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { connectionsQuery, providersQuery } from '../api.ts'
import { ConnectDialog } from '../connections/connect-dialog.tsx'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'

interface ConnectCardProps {
  readonly provider: string
  /** Asks again what could not be answered. */
  readonly onConnected: () => void
}

/** A connection is missing: connect it here, or anywhere else, and the conversation goes on by itself. */
export function ConnectCard({ provider, onConnected }: ConnectCardProps) {
  const { t } = useWords()
  const [isOpen, setOpen] = useState(false)
  const known = useQuery(providersQuery).data?.find(({ id }) => id === provider)
  const connections = useQuery(connectionsQuery).data
  const isThere = connections?.some((one) => one.provider === provider && one.status === 'connected')
  const name = known?.name ?? provider
  useOnceThere(isThere, isOpen, onConnected)
  return (
    <section
      aria-label={t('missing_connection.title', { name })}
      className="my-3 grid justify-items-start gap-3 rounded-card border border-warn bg-surface p-4"
    >
      <h2 className="flex gap-2">
        <KeyRound size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 shrink-0 text-warn" />
        {t('missing_connection.title', { name })}
      </h2>
      {isThere === true && !isOpen ? (
        <Button look="primary" onClick={onConnected}>
          {t('missing_connection.again')}
        </Button>
      ) : (
        <Button look="primary" disabled={known === undefined} onClick={() => setOpen(true)}>
          {t('connections.connect', { name })}
        </Button>
      )}
      {isOpen && known !== undefined ? (
        <ConnectDialog provider={known} onClose={() => setOpen(false)} onConnected={() => undefined} />
      ) : null}
    </section>
  )
}

/** Goes on when the connection has come since the card was shown, and the dialog that may have brought it is closed. */
function useOnceThere(isThere: boolean | undefined, isOpen: boolean, goOn: () => void): void {
  const wasMissing = useRef(false)
  useEffect(() => {
    if (isThere === false) wasMissing.current = true
    if (isThere !== true || isOpen || !wasMissing.current) return
    wasMissing.current = false
    goOn()
  }, [isThere, isOpen, goOn])
}
