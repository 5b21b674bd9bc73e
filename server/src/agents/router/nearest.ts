import type { Knowledge } from './decide.ts'
import { fold, tokenize } from './text.ts'
import type { Profile } from './tools.ts'
import { STOP_WORDS } from './words.ts'

const LANGUAGES = ['en', 'pt'] as const
/** Words are compared by their beginning, which survives most inflection: "páginas" and "página". */
const STEM_LENGTH = 5
const TITLE_WEIGHT = 2
/** The beginning of a message says what it is about. */
const READ_CHARACTERS = 1_000

/** Tools by how many words they share with a message; tools that only read come first among equals. */
export function nearestTools(message: string, { profiles }: Knowledge): Profile[] {
  const words = new Set(
    tokenize(message.slice(0, READ_CHARACTERS))
      .map((token) => token.word)
      .filter((word) => !STOP_WORDS.has(word))
      .map(stem),
  )
  const ranked = profiles.map((profile, index) => ({ profile, index, score: overlap(profile, words) }))
  const reads = (profile: Profile): number => (profile.tool.annotations.readOnly ? 1 : 0)
  ranked.sort((a, b) => b.score - a.score || reads(b.profile) - reads(a.profile) || a.index - b.index)
  return ranked.map(({ profile }) => profile)
}

function overlap({ tool }: Profile, words: ReadonlySet<string>): number {
  const titles = LANGUAGES.map((language) => tool.title[language])
  const intents = LANGUAGES.flatMap((language) => [...tool.intent.verbs[language], ...tool.intent.nouns[language]])
  return TITLE_WEIGHT * shared(titles, words) + shared(intents, words)
}

function shared(texts: readonly string[], words: ReadonlySet<string>): number {
  const stems = new Set(
    texts
      .flatMap((text) => fold(text).split(/[^a-z]+/))
      .filter((word) => word !== '' && !STOP_WORDS.has(word))
      .map(stem),
  )
  return [...stems].filter((each) => words.has(each)).length
}

function stem(word: string): string {
  return word.slice(0, STEM_LENGTH)
}
