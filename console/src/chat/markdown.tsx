import {
  Children,
  memo,
  useState,
  type AnchorHTMLAttributes,
  type HTMLAttributes,
  type ImgHTMLAttributes,
  type ReactNode,
} from 'react'
import { Streamdown } from 'streamdown'
import { useWords } from '../language.ts'
import { Button, buttonLook } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { linkTarget } from './link-target.ts'
import { visibleText } from './visible-text.ts'

/** What agents say and what accounts hold is hostile: no markup of theirs, no picture of another host, no blind link. */

type Shown = HTMLAttributes<HTMLElement> & { readonly node?: unknown }

const heading = ({ children }: Shown) => <p className="mb-2 mt-4 font-semibold first:mt-0">{children}</p>

const COMPONENTS = {
  a: ({ href, children }: AnchorHTMLAttributes<HTMLAnchorElement>) => <CheckedLink href={href}>{children}</CheckedLink>,
  // Loading it would tell its host who reads this, and when.
  img: ({ alt }: ImgHTMLAttributes<HTMLImageElement>) => <span className="text-ink-soft">[{alt}]</span>,
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  p: ({ children }: Shown) => (
    <p dir="auto" className="my-2 first:mt-0 last:mb-0">
      {children}
    </p>
  ),
  ul: ({ children }: Shown) => <ul className="my-2 grid list-disc gap-1 pl-5">{children}</ul>,
  ol: ({ children }: Shown) => <ol className="my-2 grid list-decimal gap-1 pl-5">{children}</ol>,
  li: ({ children }: Shown) => <li>{children}</li>,
  blockquote: ({ children }: Shown) => (
    <blockquote className="my-2 border-l-2 border-edge pl-3 text-ink-soft">{children}</blockquote>
  ),
  hr: () => <hr className="my-4 border-line" />,
  code: ({ children }: Shown) => <code className="rounded-control bg-line/60 px-1 font-mono text-sm">{children}</code>,
  inlineCode: ({ children }: Shown) => (
    <code className="rounded-control bg-line/60 px-1 font-mono text-sm">{children}</code>
  ),
  pre: ({ children }: Shown) => (
    <pre tabIndex={0} className="my-2 overflow-x-auto rounded-card border border-line bg-paper p-3 font-mono text-sm">
      {children}
    </pre>
  ),
  table: ({ children }: Shown) => (
    <div tabIndex={0} role="group" className="my-2 overflow-x-auto">
      <table className="w-full border-collapse text-sm">{children}</table>
    </div>
  ),
  th: ({ children }: Shown) => <th className="border border-line px-2 py-1 text-left font-medium">{children}</th>,
  td: ({ children }: Shown) => <td className="border border-line px-2 py-1 align-top">{children}</td>,
}

interface MarkdownProps {
  readonly text: string
  readonly isStreaming: boolean
}

export const Markdown = memo(function Markdown({ text, isStreaming }: MarkdownProps) {
  return (
    <Streamdown
      className="min-w-0 break-words"
      components={COMPONENTS}
      controls={false}
      isAnimating={isStreaming}
      skipHtml
      linkSafety={{ enabled: false }}
    >
      {visibleText(text)}
    </Streamdown>
  )
})

function CheckedLink({ href, children }: { readonly href: string | undefined; readonly children: ReactNode }) {
  const { t } = useWords()
  const [isAsked, setAsked] = useState(false)
  const target = linkTarget(href, window.location.origin)
  if (target === null) return <span>{children}</span>
  // A link without words would be there for nobody's eyes and ears, and still be pressed.
  const shown = Children.count(children) === 0 ? new URL(target.href).host : children
  if (target.isOwn) {
    return (
      <a href={target.href} className="link">
        {shown}
      </a>
    )
  }
  return (
    <>
      <a
        href={target.href}
        rel="noreferrer noopener"
        className="link"
        onClick={(event) => {
          event.preventDefault()
          setAsked(true)
        }}
      >
        {shown}
      </a>
      <Dialog open={isAsked} onClose={() => setAsked(false)} title={t('link.title')}>
        <div className="grid gap-4">
          <p>{t('link.text', { host: new URL(target.href).host })}</p>
          <p className="break-all rounded-control border border-line bg-paper p-2 font-mono text-sm">{target.href}</p>
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsked(false)}>{t('cancel')}</Button>
            <a
              href={target.href}
              target="_blank"
              rel="noreferrer noopener"
              className={buttonLook('primary')}
              onClick={() => setAsked(false)}
            >
              {t('link.open')}
            </a>
          </div>
        </div>
      </Dialog>
    </>
  )
}
