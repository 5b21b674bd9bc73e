import { useEffect, type ReactNode } from 'react'

interface PageProps {
  readonly title: string
  readonly lede?: string
  /** The one primary action. */
  readonly action?: ReactNode
  readonly children: ReactNode
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Chaveiro`
  }, [title])
}

/** A title row with its one action, and what the page is about. The heading takes the focus when somebody arrives. */
export function Page({ title, lede, action, children }: PageProps) {
  useTitle(title)
  return (
    <div className="mx-auto grid w-full max-w-[1120px] gap-6 px-4 py-6 md:px-8 md:py-8">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h1 tabIndex={-1} className="text-xl">
            {title}
          </h1>
          {lede === undefined ? null : <p className="mt-1 max-w-prose text-pretty text-ink-soft">{lede}</p>}
        </div>
        {action}
      </div>
      {children}
    </div>
  )
}
