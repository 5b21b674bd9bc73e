import type { Turn } from './focus.ts'
import type { Language } from './language.ts'
import { fold } from './text.ts'

/** Names under which the same column goes, in both languages; the first of each language is its usual name. */
const CONCEPTS = {
  status: { en: 'Status, state, stage, phase', pt: 'Situação, status, estado, etapa, fase, andamento' },
  due: {
    en: 'Due date, due, deadline, due by, due on',
    pt: 'Prazo, vencimento, data limite, data de entrega, data de vencimento, entrega, vence em, prazo final',
  },
  priority: { en: 'Priority, urgency', pt: 'Prioridade, urgência' },
  owner: {
    en: 'Owner, assignee, assigned to, assigned, responsible, lead, person, seller',
    pt: 'Responsável, dono, dona, atribuído a, encarregado, vendedor',
  },
  date: { en: 'Date, day', pt: 'Data, dia' },
  city: { en: 'City, town, location, place', pt: 'Cidade, local, município, localidade' },
  amount: { en: 'Value, amount, price, cost, budget, total', pt: 'Valor, preço, custo, orçamento, montante, quantia' },
  probability: { en: 'Probability, chance, likelihood', pt: 'Probabilidade, chance' },
  quarter: { en: 'Quarter', pt: 'Trimestre' },
  severity: { en: 'Severity', pt: 'Severidade, gravidade' },
  confidence: { en: 'Confidence', pt: 'Confiança' },
  health: { en: 'Health', pt: 'Saúde' },
  urgent: { en: 'Urgent', pt: 'Urgente' },
  category: { en: 'Category, type, kind', pt: 'Categoria, tipo' },
  tags: { en: 'Tags, labels, tag, label', pt: 'Etiquetas, tags, etiqueta, rótulos' },
  title: { en: 'Name, title', pt: 'Nome, título' },
} as const

export type ColumnConcept = keyof typeof CONCEPTS

/** A comma list of at least this many names is read as the columns of a table. */
const MIN_LISTED_COLUMNS = 3
const MAX_COLUMN_NAME = 40
/** A word that only Portuguese ends like this: the workspace speaks it, whatever the user does. */
const PORTUGUESE_VALUE = /(?:ad[oa]|id[oa]|ção|ções|ando|endo|eito|eita|erto|erta|ído|ída|nte|ário|ência)$/i

export function conceptOf(name: string): ColumnConcept | undefined {
  const wanted = fold(name).trim()
  for (const [concept, names] of Object.entries(CONCEPTS)) {
    const all = `${names.en}, ${names.pt}`.split(', ').map(fold)
    if (all.includes(wanted)) return concept as ColumnConcept
  }
  return undefined
}

/**
 * The name of a column as the table at hand spells it: found among the columns that the conversation has shown, by the
 * same word or one that means the same; otherwise as the user says it, with a capital.
 */
export function columnName(said: string, known: readonly string[]): string {
  const same = known.find((name) => fold(name) === fold(said))
  if (same !== undefined) return same
  const concept = conceptOf(said)
  const alike = concept === undefined ? undefined : known.find((name) => conceptOf(name) === concept)
  return alike ?? said.charAt(0).toUpperCase() + said.slice(1)
}

/** The column that a concept usually is, in the language of the value where that shows, else of the request. */
export function usualColumn(concept: ColumnConcept, known: readonly string[], language: Language, value = ''): string {
  const alike = known.find((name) => conceptOf(name) === concept)
  if (alike !== undefined) return alike
  const speaks = PORTUGUESE_VALUE.test(value) ? 'pt' : language
  return CONCEPTS[concept][speaks].split(', ')[0] ?? ''
}

/** Column names that the assistant listed: "A, B, C", "- A: value", "| A | B |". */
export function columnsIn(history: readonly Turn[]): string[] {
  const found: string[] = []
  for (const { role, text } of history) {
    if (role === 'assistant') for (const line of text.split('\n')) found.push(...columnsInLine(line))
  }
  return [...new Set(found.map((name) => name.trim()).filter((name) => name !== '' && name.length <= MAX_COLUMN_NAME))]
}

function columnsInLine(line: string): string[] {
  const bullet = /^\s*[-*] \**([\p{L}][^:(*]{0,39}?)\**\s*(?:\(|:)/u.exec(line)?.[1]
  if (bullet !== undefined) return [bullet]
  if (line.startsWith('|'))
    return line
      .split('|')
      .map((cell) => cell.replace(/\(.*\)/, '').trim())
      .filter((cell) => /\p{L}/u.test(cell))
  const list = line.replace(/[.:]\s*$/, '').split(/,\s+|\s+(?:and|e)\s+/)
  const names = list.every((name) => /^[\p{Lu}][\p{L}\d ()/-]*$/u.test(name.trim()))
  return list.length >= MIN_LISTED_COLUMNS && names ? list : []
}
