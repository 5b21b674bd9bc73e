/** Text that is HTML already. Only `markup` makes it, so everything else is escaped where it is put in. */
export class Markup {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

type Insertion = string | number | Markup | readonly Markup[]

/** HTML from a template: what is put in is escaped unless it is made by this function. */
export function markup(parts: TemplateStringsArray, ...insertions: Insertion[]): Markup {
  const inserted = insertions.map(sourceOf)
  return new Markup(parts.map((part, index) => part + (inserted[index] ?? '')).join(''))
}

function sourceOf(insertion: Insertion): string {
  if (insertion instanceof Markup) return insertion.source
  if (typeof insertion === 'object') return insertion.map(sourceOf).join('')
  return escapeHtml(String(insertion))
}

const ENTITY_OF: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITY_OF[character] ?? character)
}
