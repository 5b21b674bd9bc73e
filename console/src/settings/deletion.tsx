import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { sessionQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'

const DeletionDialog = lazy(async () => ({ default: (await import('./deletion-dialog.tsx')).DeletionDialog }))

/** Leaving for good; whoever owns the instance is told why they stay. */
export function Deletion() {
  const { t } = useWords()
  const [isAsking, setAsking] = useState(false)
  const user = useQuery(sessionQuery).data?.user
  if (user === undefined) return null
  return (
    <section className="grid gap-3 border-t border-line pt-6">
      <h2 className="text-lg">{t('deletion.title')}</h2>
      <p className="max-w-prose text-ink-soft">{t(user.role === 'owner' ? 'deletion.owner' : 'deletion.text')}</p>
      {user.role === 'owner' ? null : (
        <Button look="danger" className="justify-self-start" onClick={() => setAsking(true)}>
          {t('deletion.open')}
        </Button>
      )}
      {isAsking ? (
        <Suspense fallback={null}>
          <DeletionDialog name={user.name} onClose={() => setAsking(false)} />
        </Suspense>
      ) : null}
    </section>
  )
}
