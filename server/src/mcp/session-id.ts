import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Principal } from '#kernel/principal.ts'

/**
 * The id of a legacy session says by itself whose it is and what was agreed in its handshake, signed: a replica that never
 * saw the session, or a process that was started since, goes on with it. Knowing an id authenticates nobody: every request
 * brings its own token, and another user's id is an unknown one.
 */
export interface SessionTerms {
  readonly protocolVersion: string
  readonly capabilities: Readonly<Record<string, unknown>>
  /** Seconds since 1970. */
  readonly startedAt: number
}

export interface SessionIds {
  readonly issue: (principal: Principal, terms: SessionTerms) => string
  /** The terms of an id of ours for this very user and client, or null. */
  readonly read: (principal: Principal, id: string, now: number) => SessionTerms | null
}

/** Bytes that make two ids of one user differ. */
const NONCE_BYTES = 16
/** Seconds after which a client has to greet again. */
const SESSION_SECONDS = 24 * 60 * 60
/** Of the capabilities' JSON: what clients declare today takes about 200. */
const LONGEST_CAPABILITIES = 2_000
const LONGEST_ID = 4_000

const termsSchema = z.strictObject({
  n: z.string(),
  v: z.string(),
  c: z.record(z.string(), z.unknown()),
  t: z.number().int(),
})

export function createSessionIds(key: string): SessionIds {
  function tagOf(principal: Principal, payload: string): Buffer {
    const { userId, via } = principal
    return createHmac('sha256', key).update(`mcp/session/v1\0${userId}\0${via.kind}\0${via.id}\0${payload}`).digest()
  }
  return {
    issue(principal, { protocolVersion, capabilities, startedAt }) {
      const fits = JSON.stringify(capabilities).length <= LONGEST_CAPABILITIES
      const terms = {
        n: randomBytes(NONCE_BYTES).toString('base64url'),
        v: protocolVersion,
        c: fits ? capabilities : {},
        t: startedAt,
      }
      const payload = Buffer.from(JSON.stringify(terms)).toString('base64url')
      return `${payload}.${tagOf(principal, payload).toString('base64url')}`
    },
    read(principal, id, now) {
      const [payload, tag, ...rest] = id.length > LONGEST_ID ? [] : id.split('.')
      if (payload === undefined || tag === undefined || rest.length > 0) return null
      // Compared as text: several texts stand for the same bytes, and an ended session must not come back under another.
      const given = Buffer.from(tag)
      const right = Buffer.from(tagOf(principal, payload).toString('base64url'))
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null
      const terms = termsSchema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()))
      if (!terms.success || terms.data.t + SESSION_SECONDS < now) return null
      return { protocolVersion: terms.data.v, capabilities: terms.data.c, startedAt: terms.data.t }
    },
  }
}
