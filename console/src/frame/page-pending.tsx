import { useWords } from '../language.ts'
import { Skeletons } from '../parts/loaded.tsx'

/** In the place of a page whose code is on its way. The router shows it where that takes longer than a blink. */
export function PagePending() {
  const { t } = useWords()
  return (
    <div
      role="status"
      aria-label={t('loading')}
      className="at-once mx-auto w-full max-w-[1120px] px-4 py-6 md:px-8 md:py-8"
    >
      <Skeletons count={1} className="h-7 max-w-52" />
      <Skeletons count={3} className="mt-6 h-20" />
    </div>
  )
}
