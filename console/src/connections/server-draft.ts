/** What was typed of a remote server, kept for the way there and back; never its token. */
export interface KeptDraft {
  readonly url: string
  readonly label: string
}

const KEY = 'chaveiro.server-draft'

export function keepDraft(draft: KeptDraft): void {
  sessionStorage.setItem(KEY, JSON.stringify(draft))
}

export function keptDraft(): KeptDraft {
  const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '{}')
  const { url, label } = kept as { readonly url?: unknown; readonly label?: unknown }
  return { url: typeof url === 'string' ? url : '', label: typeof label === 'string' ? label : '' }
}

export function dropDraft(): void {
  sessionStorage.removeItem(KEY)
}
