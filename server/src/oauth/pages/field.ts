import { html, type Html } from './html.ts'

interface Field {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'email' | 'password'
  readonly autocomplete: string
  readonly value?: string
  readonly hint?: string
  readonly isWrong?: boolean
}

/** A labelled field that must be filled in. */
export function field({ name, label, type, autocomplete, value = '', hint, isWrong = false }: Field): Html {
  const hintId = `${name}-hint`
  return html`<label class="field"
      ><span>${label}</span
      ><input
        name="${name}"
        type="${type}"
        autocomplete="${autocomplete}"
        required
        value="${value}"
        ${isWrong ? html`aria-invalid="true"` : null}
        ${hint === undefined ? null : html`aria-describedby="${hintId}"`} /></label
    >${hint === undefined ? null : html`<small class="soft" id="${hintId}">${hint}</small>`}`
}
