import { withoutUnshown } from '#kernel/shown-text.ts'
import { shownName } from './names.ts'

/** Longest text of one message among others; a message can have 40,000 characters. */
export const MESSAGE_CHARACTERS = 4_000
/** What is read of one, for each character that is shown: marks and links make it longer. A bound on the work, too. */
const READ_TIMES = 2

/** Where a text was cut, in any language. */
export const CUT = '… […]'

const CODE = /```[\s\S]*?```|`[^`\n]+`/g
const ANGLED = /<([^<>\n]{1,3000})>/g
/** Ids of people in a text of Slack's. */
const PEOPLE = /<@([UW][A-Z0-9]{8,20})/g

/** Ids of those whom a text mentions. */
export function mentionedIn(text: string): string[] {
  return [...text.matchAll(PEOPLE)].map(([, id = '']) => id)
}

/**
 * Slack's mrkdwn → Markdown: names in place of ids, links as links, and nothing that cannot be seen.
 * Mentions become plain words, so a text that is sent on calls nobody.
 * @param limit characters after which it is cut, and {@link CUT} put there
 */
export function toMarkdown(text: string, names: ReadonlyMap<string, string>, limit = MESSAGE_CHARACTERS): string {
  const { shown, isCut } = markdownOf(text, names, limit)
  return isCut ? `${shown}${CUT}` : shown
}

/** The same without the mark, which a text may end with by itself. */
export function markdownOf(
  text: string,
  names: ReadonlyMap<string, string>,
  limit: number,
): { readonly shown: string; readonly isCut: boolean } {
  const mrkdwn = text.slice(0, READ_TIMES * limit)
  const parts: string[] = []
  let end = 0
  for (const match of mrkdwn.matchAll(CODE)) {
    parts.push(formatted(mrkdwn.slice(end, match.index)), match[0])
    end = match.index + match[0].length
  }
  parts.push(formatted(mrkdwn.slice(end)))
  const spelled = parts.join('').replace(ANGLED, (whole, inside: string) => spelledOut(inside, names) ?? whole)
  const decoded = spelled.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  return clipped(
    decoded
      .split(/\r\n|[\r\n\u2028\u2029]/)
      .map((line) => withoutUnshown(line.replaceAll('\t', ' ')))
      .join('\n')
      .trim(),
    { limit, wasLonger: text.length > mrkdwn.length },
  )
}

function formatted(text: string): string {
  return text
    .replace(/(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\p{L}\p{N}*])/gu, '**$1**')
    .replace(/(?<![\p{L}\p{N}~])~(?=[^\s~])([^~\n]+?)(?<=\S)~(?![\p{L}\p{N}~])/gu, '~~$1~~')
}

/** What stands between angle brackets in Slack's texts. */
function spelledOut(inside: string, names: ReadonlyMap<string, string>): string | undefined {
  const bar = inside.indexOf('|')
  const code = bar < 0 ? inside : inside.slice(0, bar)
  const label = bar < 0 ? '' : inside.slice(bar + 1)
  const rest = code.slice(1)
  switch (code.slice(0, 1)) {
    case '@':
      return `@${names.get(rest) ?? (shownName(label) || rest)}`
    case '#':
      return `#${shownName(label) || rest}`
    case '!':
      // `<!here>`, `<!subteam^S1|@group>`, `<!date^...|words for it>`
      return shownName(label) || `@${rest.split('^', 1)[0] ?? rest}`
    default:
      return linkOf(code, label)
  }
}

function linkOf(address: string, label: string): string | undefined {
  if (!/^(?:https?:|mailto:|tel:)/i.test(address)) return undefined
  return label === '' || label === address ? address : `[${label}](${address})`
}

function clipped(text: string, { limit, wasLonger }: { readonly limit: number; readonly wasLonger: boolean }) {
  const isCut = text.length > limit || wasLonger
  return { shown: isCut ? text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '') : text, isCut }
}
