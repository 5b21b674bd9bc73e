import { useWords } from '../language.ts'
import { shownArguments, shownValue, type ShownTable } from './shown-value.ts'
import { visibleText } from './visible-text.ts'

/** Deeper than a person follows; what lies below is shown as JSON. */
const DEPTH = 4

/** The arguments of a call, each by its name: exactly what is sent, nothing left out. */
export function Arguments({ input }: { readonly input: unknown }) {
  const { t } = useWords()
  if (shownArguments(input).length === 0) return <p className="text-ink-soft">{t('call.no_arguments')}</p>
  return <Value value={input} />
}

interface ValueProps {
  readonly value: unknown
  readonly depth?: number
}

/** A value as a person reads it: text as text, lists and members one by one. */
export function Value({ value, depth = DEPTH }: ValueProps) {
  if (typeof value !== 'object' || value === null || depth === 0) {
    return (
      <span dir="auto" className="block whitespace-pre-wrap break-words">
        {visibleText(shownValue(value))}
      </span>
    )
  }
  if (Array.isArray(value)) {
    return (
      <ol className="grid gap-1.5">
        {value.map((each: unknown, index) => (
          <li key={index} className="border-l-2 border-line pl-2">
            <Value value={each} depth={depth - 1} />
          </li>
        ))}
      </ol>
    )
  }
  return (
    <dl className="grid gap-2">
      {Object.entries(value).map(([name, each]) => (
        <div key={name} className="grid gap-0.5">
          <dt className="font-mono text-xs text-ink-soft">{visibleText(name)}</dt>
          <dd className="min-w-0">
            <Value value={each} depth={depth - 1} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** A list of things, in columns. */
export function ValueTable({ table }: { readonly table: ShownTable }) {
  const { t } = useWords()
  return (
    <>
      <div
        tabIndex={0}
        role="group"
        aria-label={t('call.table')}
        className="max-h-80 overflow-auto rounded-control bg-paper"
      >
        <table className="w-full border-collapse text-xs">
          <thead>
            <tr>
              {table.columns.map((name) => (
                <th key={name} className="sticky top-0 border-b border-line bg-paper px-2 py-1 text-left font-medium">
                  {visibleText(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, column) => (
                  <td key={column} dir="auto" className="max-w-64 break-words border-b border-line px-2 py-1 align-top">
                    {visibleText(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {table.left > 0 ? <p className="text-xs text-ink-soft">{t('call.more_rows', { count: table.left })}</p> : null}
    </>
  )
}
