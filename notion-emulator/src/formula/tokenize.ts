/** A word of a formula. */
export type Token =
  | { kind: 'number'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'name'; value: string }
  /** A property, by its percent-encoded id. */
  | { kind: 'property'; value: string }
  | { kind: 'symbol'; value: string }

/** Raised for a formula that cannot be read or computed; whoever evaluates shows an empty result. */
export class FormulaError extends Error {}

const PATTERNS: [kind: Token['kind'] | 'space', pattern: RegExp][] = [
  ['space', /\s+|\/\*[^]*?\*\//y],
  ['property', /\{\{notion:block_property:([^:}]+)(?::[^}]*)?\}\}/y],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['string', /"((?:[^"\\]|\\[^])*)"/y],
  ['name', /[A-Za-z_]\w*/y],
  ['symbol', /==|!=|>=|<=|&&|\|\||[-+*/%^<>!?:.,()[\]]/y],
]

const ESCAPES: Record<string, string> = { n: '\n', t: '\t' }

/** The words of a formula. One that begins with `=`, as in a spreadsheet, is none: it was recorded to give nothing. */
export function tokenize(source: string): Token[] {
  const text = source.trimStart()
  const tokens: Token[] = []
  let position = 0
  while (position < text.length) {
    const { token, end } = nextToken(text, position)
    if (token !== null) tokens.push(token)
    position = end
  }
  return tokens
}

function nextToken(text: string, position: number): { token: Token | null; end: number } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = position
    const match = pattern.exec(text)
    if (match !== null) return { token: makeToken(kind, match), end: pattern.lastIndex }
  }
  throw new FormulaError(`Unexpected character at ${position}`)
}

function makeToken(kind: Token['kind'] | 'space', match: RegExpExecArray): Token | null {
  const [whole, inner = ''] = match
  switch (kind) {
    case 'space':
      return null
    case 'number':
      return { kind, value: Number(whole) }
    case 'string':
      return { kind, value: inner.replace(/\\([^])/g, (_, character: string) => ESCAPES[character] ?? character) }
    case 'property':
      return { kind, value: inner }
    default:
      return { kind, value: whole }
  }
}
