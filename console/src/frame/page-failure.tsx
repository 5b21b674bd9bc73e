import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { useWords } from '../language.ts'
import { Failure } from '../parts/failure.tsx'
import { useTitle } from '../parts/page.tsx'

/** In the place of a page that has a fault: the rail stays, and so does the way on. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const { t } = useWords()
  const router = useRouter()
  useTitle(t('problem.title'))
  // What failed may have been what a page needs before it is drawn: that is asked for again, too.
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return (
    <div className="mx-auto grid max-w-xl gap-4 p-6">
      <h1 tabIndex={-1} className="text-xl">
        {t('problem.title')}
      </h1>
      <Failure error={error} onRetry={retry} />
    </div>
  )
}
