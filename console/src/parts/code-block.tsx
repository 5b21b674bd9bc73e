import { Copy } from './copy.tsx'

/** Text for a terminal or a file, with its copy button. Long lines are scrolled, by the keyboard too. */
export function CodeBlock({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className="min-w-0 overflow-hidden rounded-control border border-line bg-surface">
      <pre
        aria-label={label}
        role="region"
        // Reachable, because what is scrolled must be scrolled without a mouse as well.
        tabIndex={0}
        className="overflow-x-auto whitespace-pre px-3 py-2 font-mono text-sm"
      >
        {text}
      </pre>
      <div className="flex justify-end border-t border-line px-3 py-1">
        <Copy text={text} />
      </div>
    </div>
  )
}
