import { fillArguments } from './arguments.ts'
import { columnsIn } from './columns.ts'
import { refusalOf } from './decline.ts'
import type { Refusal } from './decline.ts'
import { findFocus } from './focus.ts'
import type { Turn } from './focus.ts'
import { helpAskedIn } from './help.ts'
import { detectLanguage } from './language.ts'
import type { Language } from './language.ts'
import type { Lexicon } from './lexicon.ts'
import { matchTool } from './match.ts'
import type { Match } from './match.ts'
import { findMentions } from './mentions.ts'
import type { Kind } from './mentions.ts'
import { serviceMeant, servicesNamed, takesId } from './providers.ts'
import { readSituation } from './reading.ts'
import { parseRequest } from './request.ts'
import { isCertain, onlyAsks, refrains } from './restraint.ts'
import { describeSituation } from './situation.ts'
import type { Situation } from './situation.ts'
import { lookupFor } from './target.ts'
import { substituteTitles, withTitles } from './titles.ts'
import { takesTitle } from './tools.ts'
import type { Profile } from './tools.ts'

/** What the router does with a request: one call, a question back, or nothing. */
export type Decision =
  | {
      readonly kind: 'call'
      readonly profile: Profile
      readonly input: Readonly<Record<string, unknown>>
      /** The call only looks up what the request names; what was asked for is left to the next message. */
      readonly isLookup?: true
    }
  | { readonly kind: 'ask'; readonly profile: Profile; readonly missing: string }
  | { readonly kind: 'choose'; readonly profiles: readonly Profile[] }
  /** What can be done here is asked; nothing is done. */
  | { readonly kind: 'help'; readonly language: Language }
  | { readonly kind: 'decline'; readonly refusal: Refusal | 'unclear' | 'too_long' }

export interface Conversation {
  /** Everything before the last message of the user, oldest first. */
  readonly history: readonly Turn[]
  readonly message: string
}

export interface Knowledge {
  readonly profiles: readonly Profile[]
  readonly lexicon: Lexicon
  readonly now: Date
}

/** How much of the conversation is looked at: what is further back is no longer what "it" means. */
const REMEMBERED_TURNS = 12
/**
 * Characters of a message that are read. Some patterns take time with the square of the length; at this length the worst
 * found takes a third of a second. A longer message is refused, not cut: half a text must not be written.
 */
const MAX_MESSAGE_CHARACTERS = 4_000

/** Decides what to do with the last message. Pure: the same conversation always gives the same decision. */
export function decide(conversation: Conversation, knowledge: Knowledge): Decision {
  if (conversation.message.length > MAX_MESSAGE_CHARACTERS) return { kind: 'decline', refusal: 'too_long' }
  const language = helpAskedIn(conversation.message)
  if (language !== undefined) return { kind: 'help', language }
  const history = conversation.history.slice(-REMEMBERED_TURNS).map((turn) => ({
    role: turn.role,
    text: turn.text.slice(0, MAX_MESSAGE_CHARACTERS),
  }))
  const joined = joinAnswer(conversation.message, history, knowledge.lexicon)
  const completed = joined === undefined ? undefined : decideOn(joined, history, knowledge)
  return completed?.kind === 'call' ? completed : decideOn(conversation.message, history, knowledge)
}

/** The language to answer in: that of the newest message that shows one. */
export function languageFor({ history, message }: Conversation): Language {
  const said = [...history.filter((turn) => turn.role === 'user').map((turn) => turn.text), message]
  return detectLanguage(said.map((text) => text.slice(0, MAX_MESSAGE_CHARACTERS)))
}

/** What is only asked, or stands in a sentence that may say something else, changes nothing. */
function mayNotChange({ tool }: Profile, situation: Situation): boolean {
  if (tool.annotations.readOnly) return false
  return onlyAsks(situation) || (tool.annotations.destructive && !isCertain(situation))
}

function decideOn(message: string, history: readonly Turn[], knowledge: Knowledge): Decision {
  const situation = understand(message, history, knowledge.lexicon)
  const narrowed = narrowedTo(situation, knowledge)
  const decision = narrowed === undefined ? undefined : decideOn(message, history, narrowed)
  // A thing of another service may stand in the request as the name of a column, which only the words of all tell.
  if (decision !== undefined && decision.kind !== 'decline') return decision
  return decideByTitle(situation, history, knowledge) ?? decideIn(situation, history, knowledge)
}

/** The tools and the words of the one service that is meant; undefined where none is, or they are all that is known. */
function narrowedTo(situation: Situation, { profiles, lexicon, now }: Knowledge): Knowledge | undefined {
  const service = serviceMeant(situation, profiles, lexicon.services)
  if (service === undefined || lexicon.ofService === undefined) return undefined
  return {
    profiles: profiles.filter(({ tool }) => tool.provider === service),
    lexicon: lexicon.ofService(service),
    now,
  }
}

/** What is named by title is passed on so, to a tool that takes titles. Undefined where no such call comes of it. */
function decideByTitle(situation: Situation, history: readonly Turn[], knowledge: Knowledge): Decision | undefined {
  const substituted = substituteTitles(situation)
  if (substituted === undefined) return undefined
  const { message, titles } = substituted
  const decision = decideIn(understand(message, history, knowledge.lexicon), history, knowledge)
  if (decision.kind !== 'call') return undefined
  const { profile, input } = decision
  const used = Object.entries(input).filter(([, value]) => typeof value === 'string' && titles.has(value))
  const isTaken = used.every(([argument]) => takesTitle(profile, argument, knowledge.profiles))
  if (used.length !== titles.size || !isTaken) return undefined
  return { ...decision, input: withTitles(input, titles) as typeof input }
}

function decideIn(situation: Situation, history: readonly Turn[], knowledge: Knowledge): Decision {
  const refusal = refusalOf(situation)
  if (refusal !== undefined) return { kind: 'decline', refusal }
  if (refrains(situation)) return { kind: 'decline', refusal: 'unclear' }
  const profiles = offeredFor(situation, knowledge)
  if (profiles === undefined) return { kind: 'decline', refusal: 'beyond' }
  const reading = readSituation(situation, (each) => fits(matchTool(each, profiles, situation), situation))
  if (reading === undefined) return { kind: 'decline', refusal: 'unclear' }
  const match = matchTool(reading, profiles, situation)
  if (match.kind === 'none') return { kind: 'decline', refusal: 'unclear' }
  if (match.kind === 'several') return { kind: 'choose', profiles: match.profiles }
  const { profile } = match
  if (mayNotChange(profile, situation)) return { kind: 'decline', refusal: 'unclear' }
  const background = {
    columns: columnsIn(history),
    now: knowledge.now,
    earlier: history.filter((turn) => turn.role === 'user').map((turn) => turn.text),
  }
  const { input, missing } = fillArguments({ profile, situation, background })
  if (missing === undefined) return { kind: 'call', profile, input }
  const lookup = missing.endsWith('_id') ? lookupFor(profile, situation, profiles) : undefined
  return lookup === undefined ? { kind: 'ask', profile, missing } : { kind: 'call', ...lookup, isLookup: true }
}

/** A tool does it, and takes the id that the request names. */
function fits(match: Match, { focus }: Situation): boolean {
  if (match.kind === 'none') return false
  return focus.own.length === 0 || (match.kind === 'one' ? [match.profile] : match.profiles).some(takesId)
}

/** The tools of the services that a request names, else all; undefined where it names only others. */
function offeredFor({ request }: Situation, { profiles, lexicon }: Knowledge): readonly Profile[] | undefined {
  const named = servicesNamed(request, lexicon.services)
  if (named.size === 0) return profiles
  const offered = profiles.filter(({ tool }) => named.has(tool.provider))
  return offered.length === 0 ? undefined : offered
}

/** Takes a message apart and finds what it points at. */
export function understand(message: string, history: readonly Turn[], lexicon: Lexicon): Situation {
  const request = parseRequest(message, languageFor({ history, message }), lexicon)
  return describeSituation(request, findFocus(request, history, lexicon, kindsIn(history, lexicon)))
}

const KIND_OF_THING: Readonly<Record<string, Kind>> = {
  database: 'database',
  content: 'page',
  page: 'page',
  block: 'block',
  user: 'user',
}

/** What the ids of a conversation are: by the noun next to them anywhere, else by what was asked about them. */
function kindsIn(history: readonly Turn[], lexicon: Lexicon): Map<string, Kind> {
  const kinds = new Map<string, Kind>()
  for (const { role, text } of history) {
    const mentions = findMentions(text, lexicon)
    const unknown = mentions.filter(({ id, kind }) => kind === undefined && !kinds.has(id))
    for (const { id, kind } of mentions) if (kind !== undefined) kinds.set(id, kind)
    if (role === 'assistant' || unknown.length !== 1) continue
    const request = parseRequest(text, 'en', lexicon)
    const reading = readSituation(describeSituation(request, { own: unknown, ambiguous: false }))
    const kind = reading?.deed === 'create' ? undefined : KIND_OF_THING[reading?.thing ?? '']
    if (kind !== undefined) kinds.set(unknown[0]!.id, kind)
  }
  return kinds
}

/** An answer to a question that was asked back ("which page?") is read together with the request that it completes. */
function joinAnswer(message: string, history: readonly Turn[], lexicon: Lexicon): string | undefined {
  const asked = history.at(-1)
  const before = history.at(-2)
  if (asked?.role !== 'assistant' || !asked.text.includes('?') || before?.role !== 'user') return undefined
  const { verbs, question } = parseRequest(message, 'en', lexicon)
  const standsAlone = question !== undefined || verbs.some((verb) => verb.command)
  return standsAlone ? undefined : `${before.text}\n${message}`
}
