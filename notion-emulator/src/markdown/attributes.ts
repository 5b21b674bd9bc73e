/** Attributes of the dialect's tags, and the colors in them. */

const ENTITIES: [character: string, entity: string][] = [
  ['&', '&amp;'],
  ['"', '&quot;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['[', '&#91;'],
  [']', '&#93;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
]
const ENTITY_OF = new Map(ENTITIES)
const CHARACTER_OF = new Map(ENTITIES.map(([character, entity]) => [entity, character]))

/** The source of a pattern for the attributes of a tag, leading white space included. */
export const ATTRIBUTES = String.raw`(?:\s+[A-Za-z][\w-]*(?:="[^"]*")?)*`
const ATTRIBUTE = /([A-Za-z][\w-]*)(?:="([^"]*)")?/g

/** Reads `name="value"` pairs; a bare name counts as "true". Of two with the same name the last one holds. */
export function parseAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', value] of text.matchAll(ATTRIBUTE)) {
    attributes.set(name, value === undefined ? 'true' : decode(value))
  }
  return attributes
}

/** Writes ` name="value"` for every value that is there; each begins with a space. */
export function formatAttributes(values: Record<string, string | undefined>): string {
  return Object.entries(values)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => ` ${name}="${encode(value)}"`)
    .join('')
}

function encode(value: string): string {
  return value.replace(/[&"<>[\]\r\n]/g, (character) => ENTITY_OF.get(character) ?? character)
}

function decode(value: string): string {
  return value.replace(/&(?:amp|quot|lt|gt|#91|#93|#10|#13);/g, (entity) => CHARACTER_OF.get(entity) ?? entity)
}

const HUES = ['default', 'gray', 'brown', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'red']
const COLORS = new Set(HUES.flatMap((hue) => [hue, `${hue}_background`]))

/** Notion's color as the dialect writes it (`gray_bg`); undefined for the default one. */
export function colorToMarkdown(color: unknown): string | undefined {
  if (typeof color !== 'string' || color === 'default') return undefined
  return color.replace(/_background$/, '_bg')
}

/** The color that an attribute names, `default` where it names none. */
export function colorFromMarkdown(value: string | undefined): string {
  const color = (value ?? '').replace(/_bg$/, '_background')
  return COLORS.has(color) ? color : 'default'
}
