import { Link } from '@tanstack/react-router'
import { useWords } from '../language.ts'
import { buttonLook } from '../parts/button.tsx'
import { useTitle } from '../parts/page.tsx'

/** In the place of a page whose address leads to nothing. */
export function Missing() {
  const { t } = useWords()
  useTitle(t('missing.title'))
  return (
    <div className="mx-auto grid max-w-md gap-4 px-4 py-16">
      <h1 tabIndex={-1} className="text-xl">
        {t('missing.title')}
      </h1>
      <p className="text-ink-soft">{t('missing.text')}</p>
      <Link to="/" className={`${buttonLook('primary')} justify-self-start`}>
        {t('missing.home')}
      </Link>
    </div>
  )
}
