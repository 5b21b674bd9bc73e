import { escapeHtml } from '#kernel/escape-html.ts'

/** Markup in which every value was escaped as it was put in. {@link html} makes it. */
export interface Html {
  readonly markup: string
}

type Value = Html | string | number | null | readonly Html[]

/** A template whose values are text unless they are markup themselves; null puts in nothing. Attributes need double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const filled = parts.map((part, index) => part + markupOf(values[index] ?? null))
  return { markup: filled.join('') }
}

function markupOf(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  if ('markup' in value) return value.markup
  return value.map(({ markup }) => markup).join('')
}
