import type { Reading } from './reading.ts'
import { fold } from './text.ts'
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

/** The tool for a reading. Tools of two providers may fit alike; naming the provider decides. */
export function matchTool(reading: Reading, profiles: readonly Profile[], request: string): Match {
  const wanted = `${reading.deed} ${reading.thing}`
  for (const pair of [wanted, ...(STAND_INS[wanted] ?? [])]) {
    const exact = profiles.filter((profile) => `${profile.deed} ${profile.thing}` === pair)
    if (exact.length > 0) return decide(exact, request)
  }
  // Of things that only the tools have a word for, near deeds are tried: "get the channels" and a tool that lists them.
  const near = reading.thing.startsWith('=') || (ALIKE[1]!.includes(reading.deed) && reading.thing !== 'block')
  if (!near) return { kind: 'none' }
  const group = ALIKE.find((deeds) => deeds.includes(reading.deed)) ?? []
  return decide(
    profiles.filter((profile) => profile.thing === reading.thing && group.includes(profile.deed)),
    request,
  )
}

function decide(profiles: readonly Profile[], request: string): Match {
  const named = profiles.filter((profile) => fold(request).includes(fold(profile.tool.provider)))
  const left = named.length > 0 ? named : profiles
  const [only] = left
  if (only === undefined) return { kind: 'none' }
  return left.length === 1 ? { kind: 'one', profile: only } : { kind: 'several', profiles: left }
}
