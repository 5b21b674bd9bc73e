import { isIP } from 'node:net'
import { isPublicAddress, isPublicName, withoutBrackets } from './addresses.ts'
import { EgressError } from './egress-error.ts'

/** Decides, without any input or output, whether a URL may be called under a binding. */

/** Why a call is made. It decides whether the operator's own, possibly private, hosts are within reach. */
export type EgressPurpose = keyof typeof MAY_REACH_OPERATOR_HOSTS

/**
 * Only addresses that come from a provider's folder or the operator's settings may be private. One that a user typed,
 * or that another server named, never is, not even where it equals one that the operator allowed: for remote servers of
 * users the operator has a list of its own.
 */
const MAY_REACH_OPERATOR_HOSTS = {
  provider: true,
  model: true,
  identity: true,
  remote_server: false,
  discovery: false,
  client_metadata: false,
  webhook: false,
} as const

export interface Binding {
  /** `host:port` of every host that may be called; undefined: any public host. */
  readonly hosts: ReadonlySet<string> | undefined
  /** Those of them that the operator allowed to be private and plain HTTP. */
  readonly operatorHosts: ReadonlySet<string>
  /** What any other host must listen on. */
  readonly publicPorts: readonly number[]
}

export interface Target {
  readonly url: URL
  /** The operator's own host: no check of addresses, and HTTP will do. */
  readonly isOperatorHost: boolean
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' }
/** HTTPS and its usual alternative. Others are where databases, mail and administration listen. */
export const PUBLIC_PORTS: readonly number[] = [443, 8443]

/** `host:port` of each entry; an entry without a port stands for both default ports. Throws on what is no host. */
export function hostKeys(entries: readonly string[]): Set<string> {
  return new Set(
    entries.flatMap((entry) => {
      const [, port] = /:(\d{1,5})$/.exec(entry) ?? []
      const url = URL.parse(`https://${entry}`)
      if (url === null || entry === '' || url.pathname !== '/' || url.search + url.hash + url.username !== '') {
        throw new TypeError(`Not a host or host:port: ${entry}`)
      }
      return (port === undefined ? Object.values(DEFAULT_PORTS) : [port]).map((each) => `${url.hostname}:${each}`)
    }),
  )
}

/** The operator's settings that every binding is held to. */
export interface OperatorRules {
  readonly allowedHosts: ReadonlySet<string>
  /** Where remote servers that users name, and what those name in turn, may be although it is private. */
  readonly remoteHosts?: ReadonlySet<string>
  readonly publicPorts: readonly number[]
}

const NO_HOSTS: ReadonlySet<string> = new Set()

/** The binding of a set of declared hosts, or, where none are declared, of every public host. */
export function createBinding(rules: OperatorRules, purpose: EgressPurpose, hosts?: readonly string[]): Binding {
  const keys = hosts === undefined ? undefined : hostKeys(hosts)
  const reachable = privateHostsOf(rules, purpose, keys)
  const operatorHosts = [...reachable].filter((key) => keys === undefined || keys.has(key))
  return { hosts: keys, operatorHosts: new Set(operatorHosts), publicPorts: rules.publicPorts }
}

function privateHostsOf(
  { allowedHosts, remoteHosts = NO_HOSTS }: OperatorRules,
  purpose: EgressPurpose,
  keys: ReadonlySet<string> | undefined,
): ReadonlySet<string> {
  if (purpose === 'remote_server') return remoteHosts
  return keys !== undefined && MAY_REACH_OPERATOR_HOSTS[purpose] ? allowedHosts : NO_HOSTS
}

/** The URL as a target, or an {@link EgressError} `egress_refused` with the rule that it breaks. */
export function checkTarget(address: string | URL, { hosts, operatorHosts, publicPorts }: Binding): Target {
  const url = URL.parse(String(address))
  if (url === null) throw refused('malformed_url')
  if (url.username !== '' || url.password !== '') throw refused('credentials_in_url')
  const defaultPort = DEFAULT_PORTS[url.protocol]
  if (defaultPort === undefined) throw refused('scheme')
  const port = url.port === '' ? defaultPort : url.port
  const key = `${url.hostname}:${port}`
  if (hosts !== undefined && !hosts.has(key)) throw refused('host_not_declared')
  if (operatorHosts.has(key)) return { url, isOperatorHost: true }
  if (url.protocol !== 'https:') throw refused('scheme')
  if (!publicPorts.includes(Number(port))) throw refused('port')
  checkHost(withoutBrackets(url.hostname))
  return { url, isOperatorHost: false }
}

function checkHost(host: string): void {
  if (isIP(host) === 0 ? !isPublicName(host) : !isPublicAddress(host)) throw refused('private_address')
}

function refused(reason: string): EgressError {
  return new EgressError('egress_refused', reason)
}
