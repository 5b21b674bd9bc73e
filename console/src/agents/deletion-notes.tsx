import { Undo2 } from 'lucide-react'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { undoDeletion, useDeletions } from './deletions.ts'

/** What is being deleted, and the way back. */
export function DeletionNotes() {
  const { t } = useWords()
  const deletions = useDeletions()
  return (
    <div role="status" className="fixed inset-x-4 bottom-20 z-20 mx-auto grid max-w-md gap-2 md:bottom-6">
      {deletions.map(({ agent, error }) =>
        error === null ? (
          <div
            key={agent.id}
            className="flex flex-wrap items-center justify-between gap-3 rounded-card border border-line bg-surface p-3 shadow-float"
          >
            <p className="min-w-0 flex-1 break-words">{t('agents.deleted', { name: agent.name })}</p>
            <Button onClick={() => undoDeletion(agent.id)}>
              <Undo2 size={16} strokeWidth={1.5} aria-hidden />
              {t('agents.undo')}
            </Button>
          </div>
        ) : (
          <Failure key={agent.id} error={error} onRetry={() => undoDeletion(agent.id)} />
        ),
      )}
    </div>
  )
}
