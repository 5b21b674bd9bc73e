import { shownText, withoutUnshown } from '#kernel/shown-text.ts'
import type { ClientIdentity } from '#oauth/authorization-server.ts'

/** How a client is shown. All that it says of itself is untrusted text: anybody can register under any name. */

export interface ShownClient {
  readonly name: string
  /** Host of the document that describes the client; null where it registered itself or was registered by the operator. */
  readonly describedBy: string | null
  readonly answersTo: AnswersTo
}

/** Where the code goes: the one thing about a client that is not its own word. */
export interface AnswersTo {
  readonly kind: 'web' | 'this_computer' | 'app'
  /** A host, or the scheme of an app's links with its colon. */
  readonly place: string
}

/** Characters of a name that are shown; products' names are shorter. */
const NAME_LENGTH = 60
/** Characters of a host that are shown. */
const PLACE_LENGTH = 80

/** A name from outside as a person is shown it; empty where nothing visible is left. */
export function shownName(name: string): string {
  return shownText(name, NAME_LENGTH)
}

export function shownClient(client: ClientIdentity): ShownClient {
  const place = shownPlace(client.redirectHost)
  return {
    name: shownName(client.name) || shownPlace(client.host) || place,
    describedBy: client.kind === 'metadata_document' ? shownPlace(client.host) : null,
    answersTo: { kind: kindOf(client), place },
  }
}

function kindOf(client: ClientIdentity): AnswersTo['kind'] {
  if (client.redirectHost.endsWith(':')) return 'app'
  return client.isLoopbackOnly ? 'this_computer' : 'web'
}

/** Hosts are shown as they are on the wire, where a look-alike of another alphabet reads as `xn--`. The end says whose it is. */
export function shownPlace(place: string): string {
  const plain = withoutUnshown(place)
  return plain.length <= PLACE_LENGTH ? plain : `…${plain.slice(1 - PLACE_LENGTH)}`
}
