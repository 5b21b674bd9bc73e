/** Emoji as people write them → Slack's names. Others go by their names alone. */
const NAMES: Readonly<Record<string, string>> = {
  '👍': 'thumbsup',
  '👎': 'thumbsdown',
  '❤': 'heart',
  '🎉': 'tada',
  '👀': 'eyes',
  '✅': 'white_check_mark',
  '❌': 'x',
  '🙏': 'pray',
  '😂': 'joy',
  '😄': 'smile',
  '😢': 'cry',
  '🤔': 'thinking_face',
  '🚀': 'rocket',
  '🔥': 'fire',
  '👏': 'clap',
  '💯': '100',
  '👋': 'wave',
  '⚠': 'warning',
}

/** `:thumbsup:`, `thumbsup` or 👍 → `thumbsup`; undefined where it names no emoji. */
export function emojiName(given: string): string | undefined {
  const text = given.trim()
  const known = NAMES[text.replaceAll('\uFE0F', '')]
  if (known !== undefined) return known
  const name = /^:?([\p{L}\p{N}_+'-]+(?:::skin-tone-[2-6])?):?$/u.exec(text)?.[1]
  return name?.toLowerCase()
}
