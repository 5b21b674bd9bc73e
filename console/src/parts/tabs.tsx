import { useLocation } from '@tanstack/react-router'
import { useEffect, useRef, type ReactNode } from 'react'

export const TAB_LOOK =
  'flex min-h-9 items-center whitespace-nowrap border-b-2 px-1 text-base aria-[current=page]:border-brass aria-[current=page]:font-medium aria-[current=page]:text-ink border-transparent text-ink-soft hover:text-ink'

const HALF = 0.5

/** Links between the parts of one place; each part has an address of its own. */
export function Tabs({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const strip = useRef<HTMLElement>(null)
  const path = useLocation({ select: ({ pathname }) => pathname })
  // On a phone the strip is wider than the screen: the part that is open is brought to its middle.
  useEffect(() => {
    const nav = strip.current
    const chosen = nav?.querySelector('[aria-current=page]')?.getBoundingClientRect()
    if (nav === null || chosen === undefined) return
    const { left, width } = nav.getBoundingClientRect()
    nav.scrollLeft += chosen.left + chosen.width * HALF - left - width * HALF
  }, [path])
  return (
    <nav ref={strip} aria-label={label} className="-mx-4 overflow-x-auto border-b border-line px-4 md:mx-0 md:px-0">
      <ul className="flex gap-5">{children}</ul>
    </nav>
  )
}
