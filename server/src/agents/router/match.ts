import type { Reading } from './reading.ts'
import { ofServiceSpokenOf } from './providers.ts'
import type { Situation } from './situation.ts'
import type { Profile } from './tools.ts'

/** What a request was matched with: one tool, several that fit alike, or none. */
export type Match =
  | { readonly kind: 'one'; readonly profile: Profile }
  | { readonly kind: 'several'; readonly profiles: readonly Profile[] }
  | { readonly kind: 'none' }

/**
 * Where the exact tool is missing (an agent holds only some), another may answer the same question, best first. Only
 * reading is ever replaced: a change is done by the tool for it or not at all.
 */
const STAND_INS: Readonly<Record<string, readonly string[]>> = {
  'read content': ['list children', 'read children', 'read page'],
  'read page': ['read content'],
  'list children': ['read children', 'read content'],
  'read block': ['list children', 'read children'],
  'read database': ['query database'],
  'query database': ['list row', 'list database', 'read database'],
  'list user': ['search user'],
  'read user': ['list user'],
  'list comment': ['read comment'],
  'search page': ['search content', 'search database', 'search document'],
}
const ALIKE: readonly (readonly string[])[] = [
  ['read', 'list', 'query', 'search'],
  ['create', 'append'],
]

/** The tool for a reading. Tools of two providers may fit alike; the things that are spoken of decide. */
export function matchTool(reading: Reading, profiles: readonly Profile[], situation: Situation): Match {
  const decide = (fitting: readonly Profile[]): Match => decideAmong(ofServiceSpokenOf(fitting, profiles, situation))
  const wanted = `${reading.deed} ${reading.thing}`
  for (const pair of [wanted, ...(STAND_INS[wanted] ?? [])]) {
    const exact = profiles.filter((profile) => `${profile.deed} ${profile.thing}` === pair)
    if (exact.length > 0) return decide(exact)
  }
  // Of things that only the tools have a word for, near deeds are tried: "get the channels" and a tool that lists them.
  const near = reading.thing.startsWith('=') || (ALIKE[1]!.includes(reading.deed) && reading.thing !== 'block')
  if (!near) return { kind: 'none' }
  const group = ALIKE.find((deeds) => deeds.includes(reading.deed)) ?? []
  return decide(profiles.filter((profile) => profile.thing === reading.thing && group.includes(profile.deed)))
}

function decideAmong(profiles: readonly Profile[]): Match {
  const [only] = profiles
  if (only === undefined) return { kind: 'none' }
  return profiles.length === 1 ? { kind: 'one', profile: only } : { kind: 'several', profiles }
}
