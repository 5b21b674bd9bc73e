import { putAtEnd, reported } from './argument-text.ts'
import type { Request } from './request.ts'
import { says } from './situation.ts'
import type { Situation } from './situation.ts'

/** How a kind of block is written in Markdown; of some there are usually several. */
interface Shape {
  readonly named: RegExp
  readonly write: (text: string) => string
  readonly repeats: boolean
}

const SHAPES: readonly Shape[] = [
  shape(
    'to-?dos?|checklist|check ?list|tasks?|tarefas?|caixas? de selecao|afazer(?:es)?|pendencias?',
    (text) => `- [ ] ${text}`,
    true,
  ),
  shape('numbered|numerad[ao]|ordered list|lista ordenada|steps?|passos?', (text) => `1. ${text}`, true),
  shape('bullets?|lists?|items?|item|itens|topicos?|marcador(?:es)?|listas?', (text) => `- ${text}`, true),
  shape('subheading|subtitle|subtitulo|heading 3', (text) => `### ${text}`, false),
  shape('heading|header|section|title|titulo|cabecalho|secao', (text) => `## ${text}`, false),
  shape('quote|quotation|citacao|callout|destaque', (text) => `> ${text}`, false),
  shape('code|codigo', (text) => `\`\`\`\n${text}\n\`\`\``, false),
]
const PARAGRAPH = shape('', (text) => text, false)
const DIVIDER = /(?<![a-z])(?:divider|separator|divisor|separador|linha divisoria)(?![a-z])/

function shape(words: string, write: Shape['write'], repeats: boolean): Shape {
  return { named: new RegExp(`(?<![a-z])(?:${words})(?![a-z])`), write, repeats }
}

const ITEM_BREAK = /\s*[;,\n]\s*|\s+(?:and|e)\s+(?=[^,;]*$)/

/** The Markdown of new blocks: the given words in the shape of the block that the request names. */
export function contentFor(situation: Situation): string | undefined {
  const { request } = situation
  if (request.quotes.length === 0 && says(situation, DIVIDER)) return '---'
  const { write, repeats } = shapeOf(request)
  const title = request.name?.text ?? sectionName(request)
  const texts = materialOf(situation)
  const isList = repeats && (title === undefined || texts.length > 0)
  if (isList) return joined(itemsOf(texts).map(write), '\n')
  return joined(title === undefined ? texts.map(write) : [write(title), ...texts], '\n\n')
}

function shapeOf(request: Request): Shape {
  return SHAPES.find(({ named }) => named.test(instruction(request))) ?? PARAGRAPH
}

function joined(texts: readonly string[], separator: string): string | undefined {
  return texts.length === 0 ? undefined : texts.join(separator)
}

/** "tag release, tell support": one text may hold several items. */
function itemsOf(texts: readonly string[]): string[] {
  const [only] = texts
  return texts.length === 1 && only !== undefined ? only.split(ITEM_BREAK).filter((item) => item !== '') : [...texts]
}

/** What the text should be, from the most to the least explicit. */
function materialOf(situation: Situation): string[] {
  const { request } = situation
  if (request.quotes.length > 0) return quotedMaterial(request)
  const piece = request.tail ?? request.said
  if (piece !== undefined) return [piece.text]
  const told = reported(situation) ?? putAtEnd(situation) ?? request.topic?.text
  return told === undefined ? [] : [told]
}

/** Behind "to the page", "na página" a quoted text is where it goes; alone, it may be what is to be written all the same. */
const PLACE =
  /(?<![a-z])(?:to|into|in|on|at|of|under|inside|em|n[ao]|d[ao]|a[o]?|para|pr[ao]|sob)\s+(?:the\s+|[ao]\s+)?(?:page|document|doc|note|pagina|documento|nota)\s+["“«'`]?$/

function quotedMaterial({ quotes, folded }: Request): string[] {
  const written = quotes.filter(({ start }) => !PLACE.test(folded.slice(0, start)))
  return (written.length === 0 ? quotes : written).map(({ value }) => value)
}

/** "a section Risks with ...": the name stands bare behind its noun. */
function sectionName(request: Request): string | undefined {
  const match =
    /(?<![a-z])(?:section|heading|header|secao|titulo|cabecalho)\s+((?!(?:with|com|at|in|on|to|em|no|na|ao|saying|dizendo)\s)[^\s"“,.:;]+(?:\s(?!(?:with|com|at|in|on|to|em|no|na|ao)\s)[^\s"“,.:;]+){0,4})/.exec(
      request.folded,
    )
  if (match === null) return undefined
  const start = match.index + match[0].length - match[1]!.length
  const name = request.text.slice(start, start + match[1]!.length)
  return /^\p{Lu}/u.test(name) && name.trim() !== '' ? name : undefined
}

/** The request without what is to be written. */
function instruction(request: Request): string {
  const end = Math.min(request.tail?.start ?? Infinity, request.said?.start ?? Infinity)
  return request.folded.slice(0, end)
}
