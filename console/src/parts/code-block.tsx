import { Copy } from './copy.tsx'

/** Text for a terminal or a file, with its copy button. Long lines are scrolled, by the keyboard too. */
export function CodeBlock({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className="flex min-w-0 items-start gap-3 overflow-hidden rounded-control border border-line bg-surface pr-3">
      <pre
        aria-label={label}
        role="region"
        // Reachable, because what is scrolled must be scrolled without a mouse as well.
        tabIndex={0}
        className="min-w-0 flex-1 overflow-x-auto whitespace-pre px-3 py-2 font-mono text-sm -outline-offset-2"
      >
        {text}
      </pre>
      <span className="py-1.5">
        <Copy text={text} />
      </span>
    </div>
  )
}
