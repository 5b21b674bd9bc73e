import type { ReactNode } from 'react'
import { useWords } from '../language.ts'
import { Mark } from '../parts/mark.tsx'
import { useTitle } from '../parts/page.tsx'
import { LanguageChoice } from '../settings/language-choice.tsx'

interface AccountFrameProps {
  readonly title: string
  readonly lede: string
  readonly children: ReactNode
}

/** A page before the house: one form, and the language to read it in. */
export function AccountFrame({ title, lede, children }: AccountFrameProps) {
  const { t } = useWords()
  useTitle(title)
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-sm content-center gap-6 px-4 py-10">
      <div className="flex items-center gap-3">
        <Mark size={32} />
        <p className="min-w-0">
          <span className="block text-lg font-semibold">Chaveiro</span>
          <span className="block text-sm text-ink-soft">{t('tagline')}</span>
        </p>
      </div>
      <div className="grid gap-4 rounded-card border border-line bg-surface p-5">
        <div>
          <h1 tabIndex={-1} className="text-xl">
            {title}
          </h1>
          <p className="mt-1 text-ink-soft">{lede}</p>
        </div>
        {children}
      </div>
      <LanguageChoice />
    </main>
  )
}
