import type { Request } from './request.ts'
import { does, says } from './situation.ts'
import type { Situation } from './situation.ts'
import { fold } from './text.ts'

/** Type of a column → words that give it away, in an explicit remark first and in the column's name second. */
const TYPES: readonly (readonly [string, RegExp])[] = [
  ['multi_select', /multi-?select|multiple choice|tags?|labels?|etiquetas?|multipla escolha|selecao multipla/],
  ['checkbox', /checkbox|check box|tick ?box|yes\/no|boolean|caixa de selecao|sim\/nao|booleano/],
  ['status', /status/],
  [
    'select',
    /select|dropdown|drop-down|choice|option|selecao|opcoes|escolha|priority|prioridade|stage|etapa|categor\w*|type|tipo|state|situacao/,
  ],
  ['people', /person|people|owner|assignee|responsible|pessoas?|responsavel|dono|usuario|user|lead|aprovador|approver/],
  ['date', /dates?|datas?|deadline|due|prazo|vencimento|when|quando|day|dia/],
  [
    'number',
    /number|numeric|amount|price|cost|value|budget|quantity|numer\w*|valor|preco|custo|orcamento|quantidade|total|currency|moeda/,
  ],
  ['email', /e-?mail/],
  ['phone_number', /phone|telephone|telefone|celular/],
  ['url', /url|link|website|site/],
  ['files', /files?|attachments?|anexos?|arquivos?/],
  ['rich_text', /text|texto|notes?|notas?|description|descricao|comment|comentario|string/],
]
/** What the type word alone may name without being a remark on another word: "a checkbox On". */
const LEADING_TYPE =
  /^(?:an?|uma?|o|a|the)?\s*(checkbox|select|multi-?select|number|date|person|people|text|url|email|status|caixa de selecao|selecao|numero|data|pessoa|texto|link)\s+(?:column |field |coluna |campo )?(?:called |named |chamad[ao] )?["“]?(.+)$/
const LIST_START =
  /(?<![a-z])(?:with|having|containing|com|contendo)\s+(?:(?:the|these|as|os|um|uma)\s+)?(?:following\s+|seguintes\s+)?(?:(?:columns?|fields?|propert(?:y|ies)|colunas?|campos?|propriedades?)\s*(?:of|:)?\s*)?|(?:columns?|fields?|colunas?|campos?)\s*:\s*/
const BETWEEN = /\s*[,;\n]\s*(?:and\s+|e\s+)?|\s+(?:and|e)\s+/

const COLUMN_TO =
  /(?<![a-z])(?:columns?|fields?|propert(?:y|ies)|colunas?|campos?|propriedades?)\s+(\S.{0,60}?)\s+(?:to|as|into|para|pra|pro|por)\s+(?:be\s+)?(\S.{0,60}?)(?=\s+(?:in|on|of|from|at|na|no|em|d[ao]|nessa|nesta)\s|\s*\ue000|[,;.!?]|$)/d

type Columns = Record<string, unknown>

/** Columns of a new table: the first is its title, as every table has exactly one. */
export function columnsForNew({ request }: Situation): Columns {
  const listed = listOf(request)
  const columns = Object.fromEntries(listed.map((text, index) => columnOf(text, index === 0)))
  const hasTitle = Object.values(columns).includes('title')
  return hasTitle || listed.length === 0
    ? columns
    : { [request.language === 'pt' ? 'Nome' : 'Name']: 'title', ...columns }
}

/** A change of the columns of a table: added, renamed ({name}) or removed (null). */
export function columnChange(situation: Situation): Columns {
  const { request } = situation
  const [first, second] = request.quotes.map((quote) => quote.value)
  const renamed = second === undefined ? renamedColumn(situation) : undefined
  if (renamed !== undefined) return renamed
  const name = first ?? request.name?.text ?? bareColumn(request)
  if (name === undefined) return {}
  if (does(situation, 'delete')) return { [name]: null }
  if (does(situation, 'rename') && second !== undefined) return { [name]: { name: second } }
  return { [name]: typeIn(request) }
}

/** "Rename the column Owner to Lead", "mude a coluna Preço para número": what stands behind "to" is a type or a new name. */
function renamedColumn(situation: Situation): Columns | undefined {
  const { request } = situation
  const match = COLUMN_TO.exec(request.folded)
  if (!does(situation, 'rename', 'update') || match?.indices === undefined) return undefined
  const [from, to] = [match.indices[1], match.indices[2]].map((place) =>
    unquoted(request.text.slice(...(place ?? [0, 0]))),
  )
  if (from === undefined || to === undefined || from === '' || to === '') return undefined
  return { [from]: does(situation, 'rename') ? { name: to } : (typeOf(to) ?? { name: to }) }
}

function unquoted(text: string): string {
  return text.trim().replace(/^["“«']|["”»']$/g, '')
}

function listOf(request: Request): string[] {
  const from = request.name === undefined ? 0 : request.name.end
  const start = LIST_START.exec(request.folded.slice(from))
  if (start === null) return []
  const text = request.text.slice(from + start.index + start[0].length).replace(/[.!]$/, '')
  return text
    .split(BETWEEN)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function columnOf(text: string, isFirst: boolean): [string, string] {
  const remark = /^["“]?(.+?)["”]?\s*(?:\(([^)]+)\)|(?:as an?|as|do tipo|tipo)\s+(.+))$/i.exec(text)
  if (remark !== null) return [capital(remark[1]!), typeOf(remark[2] ?? remark[3] ?? '') ?? 'rich_text']
  const leading = LEADING_TYPE.exec(fold(text))
  if (leading !== null) {
    const name = text.slice(text.length - leading[2]!.length).replace(/["”]$/, '')
    return [capital(name), typeOf(leading[1]!) ?? 'rich_text']
  }
  const name = text.replace(/^(?:an?|the|uma?|o|a)\s+/i, '').replace(/^["“]|["”]$/g, '')
  const type = typeOf(name)
  return [
    capital(name),
    isFirst && (type === undefined || /^(?:name|title|nome|titulo)$/.test(fold(name)))
      ? 'title'
      : (type ?? 'rich_text'),
  ]
}

/** The column's type in an instruction: told outright ("a date column", "do tipo pessoa"), else by its name. */
function typeIn(request: Request): string {
  const outright = request.folded.replace(/(?<![a-z])(?:do tipo|of type)(?![a-z])/g, ' ')
  return typeOf(outright) ?? typeOf(request.quotes[0]?.value ?? '') ?? 'rich_text'
}

function typeOf(text: string): string | undefined {
  const folded = fold(text)
  return TYPES.find(([, pattern]) => new RegExp(`(?<![a-z])(?:${pattern.source})(?![a-z])`).test(folded))?.[0]
}

/** "the Notes column": in English the name stands before the noun. */
const NAME_BEFORE = /(?<![a-z])the\s+([\p{L}\d]+(?: [\p{L}\d]+)?)\s+(?:column|field|property)(?![a-z])/du

function bareColumn(request: Request): string | undefined {
  const [, before] = NAME_BEFORE.exec(request.folded)?.indices ?? []
  if (before !== undefined) return request.text.slice(...before)
  const match =
    /(?:column|field|property|coluna|campo|propriedade)\s+(?:nov[ao]\s+)?(?:d[eo] (?:tipo )?(?:selecao|texto|data|numero|checkbox|pessoas?|caixa de selecao|url|e-?mail|status)\s+)?((?!(?:to|in|on|from|for|of|na|no|em|da|do|de|a|ao|para|do tipo|with|com)\s)[\p{L}\d]+(?: (?!(?:to|in|on|from|for|of|na|no|em|da|do|de|a|ao|para|with|com)\s)[\p{L}\d]+){0,3})/u.exec(
      request.folded,
    )
  if (match === null) return undefined
  const start = match.index + match[0].length - match[1]!.length
  return request.text.slice(start, start + match[1]!.length)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Whether an update of a table is about its columns rather than its name. */
export function changesColumns(situation: Situation): boolean {
  return says(
    situation,
    /(?<![a-z])(?:columns?|fields?|propert(?:y|ies)|options?|checkbox|colunas?|campos?|propriedades?|opc(?:ao|oes))(?![a-z])/,
  )
}
