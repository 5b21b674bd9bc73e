import { Link } from '@tanstack/react-router'
import { LogOut, Search } from 'lucide-react'
import { useSignOut } from '../account/use-sign-out.ts'
import { useWords } from '../language.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { PHONE_PLACES, usePlaces } from './places.ts'

const ROW = 'flex min-h-11 w-full items-center gap-3 rounded-control px-2 text-left hover:bg-line/60'

interface MoreProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly onSearch: () => void
}

/** On a phone: the places that its bar has no room for, the finder, and the way out. */
export function More({ open, onClose, onSearch }: MoreProps) {
  const { t } = useWords()
  const places = usePlaces()
  const signOut = useSignOut()
  return (
    <Dialog open={open} onClose={onClose} title={t('more.title')}>
      <ul className="grid gap-0.5">
        {places.slice(PHONE_PLACES).map(({ to, word, icon: Icon }) => (
          <li key={to}>
            <Link to={to} onClick={onClose} className={ROW}>
              <Icon size={16} strokeWidth={1.5} aria-hidden />
              {t(word)}
            </Link>
          </li>
        ))}
        <li>
          <button type="button" onClick={onSearch} className={ROW}>
            <Search size={16} strokeWidth={1.5} aria-hidden />
            {t('palette.open')}
          </button>
        </li>
        <li>
          <button type="button" disabled={signOut.isPending} onClick={() => signOut.mutate()} className={ROW}>
            <LogOut size={16} strokeWidth={1.5} aria-hidden />
            {t('settings.sign_out')}
          </button>
        </li>
      </ul>
      {signOut.isError ? <Failure error={signOut.error} /> : null}
    </Dialog>
  )
}
