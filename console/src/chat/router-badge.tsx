import { Waypoints } from 'lucide-react'
import { useId, useState } from 'react'
import { useWords } from '../language.ts'

/** Says that no AI model answers, and what does. */
export function RouterBadge() {
  const { t } = useWords()
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  return (
    <div className="text-xs text-ink-soft">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
        className="inline-flex min-h-6 items-center gap-1.5 rounded-control border border-line px-2 hover:border-edge"
      >
        <Waypoints size={14} strokeWidth={1.5} aria-hidden />
        {t('router.badge')}
      </button>
      <p id={id} hidden={!isOpen} className="mt-2 max-w-prose">
        {t('router.about')}
      </p>
    </div>
  )
}
