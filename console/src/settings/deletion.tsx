import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { sessionQuery, type SignedInUser } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'

const DeletionDialog = lazy(async () => ({ default: (await import('./deletion-dialog.tsx')).DeletionDialog }))

/** Leaving for good; whoever owns the instance is told why they stay. */
export function Deletion() {
  const user = useQuery(sessionQuery).data?.user
  // By the name it was asked for: the dialog stays when nobody is signed in any more, for what is left to do.
  const [asked, setAsked] = useState<string | null>(null)
  return (
    <>
      {user === undefined ? null : <DeletionOffer user={user} onAsk={() => setAsked(user.name)} />}
      {asked === null ? null : (
        <Suspense fallback={null}>
          <DeletionDialog name={asked} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </>
  )
}

interface DeletionOfferProps {
  readonly user: SignedInUser['user']
  readonly onAsk: () => void
}

function DeletionOffer({ user, onAsk }: DeletionOfferProps) {
  const { t } = useWords()
  return (
    <section className="grid gap-3 border-t border-line pt-6">
      <h2 className="text-lg">{t('deletion.title')}</h2>
      <p className="max-w-prose text-ink-soft">{t(user.role === 'owner' ? 'deletion.owner' : 'deletion.text')}</p>
      {user.role === 'owner' ? null : (
        <Button look="danger" className="justify-self-start" onClick={onAsk}>
          {t('deletion.open')}
        </Button>
      )}
    </section>
  )
}
