import { createControl, type Control } from './control/control.ts'
import { applyFault, strike, type ArmedFault } from './control/faults.ts'
import { bodySize } from './core/body-limits.ts'
import { adjustableClock, type AdjustableClock, type Clock } from './core/clock.ts'
import { handle, type EmulatorRequest, type EmulatorResponse } from './core/handle.ts'
import { randomIds, type IdGenerator } from './core/ids.ts'
import { emptyUsage, type Usage } from './core/rate-limit.ts'
import { defaultSettings, type RateLimitSettings, type Settings } from './core/settings.ts'
import { tokenFingerprint, tokenHash } from './core/tokens.ts'
import { inProcessFetch, type InProcessFetch } from './server/fetch.ts'
import { listen, type ListenOptions, type RunningServer } from './server/listen.ts'
import { addSeed } from './seeds/load.ts'
import type { Seed } from './seeds/format.ts'
import { emptyState, type State } from './state/state.ts'
import { createSender, deliverToLoopback, sendAlways, type Deliver } from './webhooks/deliver.ts'

/** How to start an emulator. Everything has a default. */
export interface EmulatorOptions extends Partial<Omit<Settings, 'rateLimit'>> {
  /** Workspaces to start with; see `loadSeed` and `builtinSeed`. */
  seeds?: Seed[]
  /** Time; the real one by default. The control plane adds to it. */
  clock?: Clock
  /** Ids of new objects and requests; random by default. */
  ids?: IdGenerator
  /** Rate limits; off by default. */
  limits?: Partial<RateLimitSettings>
  /** Brings webhook events to their addresses; by default real HTTP, to loopback addresses only. */
  deliver?: Deliver
}

/** A request as the log keeps it. The token appears only as the beginning of its SHA-256. */
export interface LoggedRequest {
  /** Milliseconds since the epoch. */
  time: number
  method: string
  path: string
  status: number
  tokenFingerprint: string | null
  botId: string | null
  version: string | null
  requestBytes: number
  responseBytes: number
  /** Kind of the injected fault that struck, if one did. */
  fault: string | null
}

/** Everything behind the emulator; the control plane works on it. */
export interface Machine {
  state: State
  usage: Usage
  settings: Settings
  clock: AdjustableClock
  newId: IdGenerator
  faults: ArmedFault[]
  log: LoggedRequest[]
}

/** A Notion API in this process. */
export interface Emulator {
  /** For the `fetch` option of the official client: no socket is opened. */
  fetch: InProcessFetch
  /** The pure core: one request in, one answer out. */
  handle: (request: EmulatorRequest) => EmulatorResponse
  control: Control
  /** Serves the API, and with `controlPort` the control plane, on TCP ports. */
  listen: (options?: ListenOptions) => Promise<RunningServer>
}

/** Requests that the log remembers; older ones are forgotten. */
const LOG_LENGTH = 10_000

/** Makes an emulator with its own state. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  return emulatorOf(createMachine(options), options)
}

/** The emulator around a machine, for whoever needs the machine too. */
export function emulatorOf(machine: Machine, { seeds, deliver }: Pick<EmulatorOptions, 'seeds' | 'deliver'>): Emulator {
  const answer = (request: EmulatorRequest): EmulatorResponse => handleLogged(machine, request)
  const send = createSender(machine, deliver ?? deliverToLoopback)
  const control = createControl(machine, seeds ?? [], send)
  return {
    fetch: inProcessFetch(answer),
    handle: answer,
    control,
    listen: async (listenOptions = {}) => {
      const server = await listen(answer, control, listenOptions)
      const stopSending = sendAlways(send)
      const close = async (): Promise<void> => {
        stopSending()
        await server.close()
      }
      return { ...server, close }
    },
  }
}

/** What an emulator works on: the seeds loaded, nothing asked yet. */
export function createMachine(options: EmulatorOptions): Machine {
  const state = emptyState()
  for (const seed of options.seeds ?? []) addSeed(state, seed)
  const { seeds: _seeds, clock: _clock, ids: _ids, deliver: _deliver, limits, ...chosen } = options
  const defaults = defaultSettings()
  const settings: Settings = { ...defaults, ...chosen, rateLimit: { ...defaults.rateLimit, ...limits } }
  return {
    state,
    usage: emptyUsage(),
    settings,
    clock: adjustableClock(options.clock),
    newId: options.ids ?? randomIds,
    faults: [],
    log: [],
  }
}

function handleLogged(machine: Machine, request: EmulatorRequest): EmulatorResponse {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  const botId = token === undefined ? null : (machine.state.tokens.get(tokenHash(token))?.botId ?? null)
  const now = machine.clock.now()
  const { state, usage, settings, newId } = machine
  const proceed = (): EmulatorResponse => handle({ state, usage, settings, newId, now }, request)
  const fault = strike(machine.faults, request, botId)
  const response = fault === null ? proceed() : applyFault(fault, newId(), proceed)
  machine.log.push({
    time: now,
    method: request.method,
    path: request.path,
    status: response.status,
    tokenFingerprint: token === undefined ? null : tokenFingerprint(token),
    botId,
    version: request.headers['notion-version'] ?? null,
    requestBytes: bodySize(request),
    responseBytes: bodySize(response),
    fault: fault?.type ?? null,
  })
  if (machine.log.length > LOG_LENGTH) machine.log.shift()
  return response
}
