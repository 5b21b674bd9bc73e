import { lookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction, type Socket } from 'node:net'
import { Agent, buildConnector, type Dispatcher } from 'undici'
import { isPublicAddress, withoutBrackets } from './addresses.ts'
import { EgressError } from './egress-error.ts'

/** Every address of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

export interface DispatcherOptions {
  readonly connectMs: number
  readonly resolve?: Resolve | undefined
  /** Further certificate authorities (PEM) for the operator's own hosts. */
  readonly certificateAuthorities?: string | undefined
}

/** Two pools that share no connection, so that a user's call can never ride on one to the operator's private host. */
export interface Dispatchers {
  readonly guarded: Dispatcher
  readonly operator: Dispatcher
}

/**
 * To one host at a time; more callers wait in the pool under their own deadline. A call to a remote server holds its own
 * while the server works, or waits for its user.
 */
const CONNECTIONS_PER_HOST = 256
/** Hosts with an open connection: far above what one instance's users name, below what its sockets can bear. */
const MAX_HOSTS = 2048
const KEEP_ALIVE_MS = 4_000 // Node's own servers close an idle connection after five seconds, and do not always say so
const KEEP_ALIVE_MAX_MS = 60_000 // where the other side promises longer
const MAX_HEADER_BYTES = 32 * 1024

const systemResolve: Resolve = (hostname) =>
  new Promise((fulfil, reject) => {
    lookup(hostname, { all: true }, (error, addresses) => (error === null ? fulfil(addresses) : reject(error)))
  })

/** The pools behind every guarded call. Both keep connections alive. */
export function createDispatchers(options: DispatcherOptions): Dispatchers {
  const resolve = options.resolve ?? systemResolve
  const pool = {
    connections: CONNECTIONS_PER_HOST,
    maxOrigins: MAX_HOSTS,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  }
  const connector = (accepts: (address: string) => boolean, ca?: string): buildConnector.connector =>
    buildConnector({
      timeout: options.connectMs,
      autoSelectFamily: true,
      lookup: checkedLookup(resolve, accepts),
      ...(ca === undefined ? {} : { ca }),
    } as buildConnector.BuildOptions)
  return {
    guarded: new Agent({ ...pool, connect: guardedConnect(connector(isPublicAddress)) }),
    operator: new Agent({ ...pool, connect: connector(() => true, options.certificateAuthorities) }),
  }
}

/**
 * Resolves once and hands the runtime the very addresses that were checked, so there is no second look-up in which a
 * name could point elsewhere. One address that is not public refuses them all: an honest name has no such neighbour.
 */
export function checkedLookup(resolve: Resolve, accepts: (address: string) => boolean): LookupFunction {
  const resolveAll = async (hostname: string): Promise<LookupAddress[]> => {
    const addresses = await resolve(hostname)
    if (addresses.length === 0) throw new EgressError('network', 'no_address')
    if (!addresses.every(({ address }) => accepts(address))) throw new EgressError('egress_refused', 'private_address')
    return [...addresses]
  }
  return (hostname, { all }, callback) => {
    resolveAll(hostname).then(
      (addresses) => {
        const [first] = addresses
        if (all === true) callback(null, addresses)
        else callback(null, first?.address ?? '', first?.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    )
  }
}

/** A literal address never reaches the look-up, and a socket says where it really went: both are checked here. */
export function guardedConnect(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    const host = withoutBrackets(options.hostname)
    if (isIP(host) !== 0 && !isPublicAddress(host)) {
      callback(new EgressError('egress_refused', 'private_address'), null)
      return
    }
    connect(options, (...outcome) => {
      const [error, socket] = outcome // after an error there may be no second argument, whatever the types say
      if (error !== null || peerIsPublic(socket)) callback(...outcome)
      else callback(new EgressError('egress_refused', 'private_peer'), null)
    })
  }
}

/** False, with the socket destroyed, where the other end is not in the public internet. */
function peerIsPublic(socket: Pick<Socket, 'remoteAddress' | 'destroy'>): boolean {
  if (isPublicAddress(socket.remoteAddress ?? '')) return true
  socket.destroy()
  return false
}
