import { z } from '@hono/zod-openapi'
import { LARGEST_ID } from '#kernel/http.ts'
import { EVENT_TYPES } from './audit.ts'

/** What may be asked about a user's own events. */

const LONGEST_LIST = EVENT_TYPES.join(',').length
/** Characters of a tool's name; those of remote servers are the longest. */
const TOOL_CHARACTERS = 200
const PROVIDER_CHARACTERS = 50
/** Characters of what tells a token, session or client from others; subjects of foreign issuers are the longest. */
const VIA_ID_CHARACTERS = 400

function typesSchema(description: string) {
  return z
    .string()
    .max(LONGEST_LIST)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(EVENT_TYPES)))
    .optional()
    .openapi({ type: 'string', description, example: 'tool.called,access.denied' })
}

function timeSchema(description: string) {
  return z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional()
    .openapi({ type: 'string', format: 'date-time', description })
}

export const VIA_KINDS = ['session', 'api_token', 'oauth_client', 'external_jwt', 'remote_server'] as const

/** The parameters of every filter, for routes that have more of their own. */
export const FILTER_PARAMETERS = {
  cursor: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  type: typesSchema('Only these types, with commas between them.'),
  except: typesSchema('None of these types, with commas between them.'),
  outcome: z.enum(['success', 'failure', 'denied']).optional(),
  provider: z.string().max(PROVIDER_CHARACTERS).optional(),
  tool: z.string().max(TOOL_CHARACTERS).optional(),
  agent_id: z.coerce.number().int().positive().max(LARGEST_ID).optional(),
  via: z.enum(VIA_KINDS).optional().openapi({ description: 'How the actor came in.' }),
  via_id: z
    .string()
    .max(VIA_ID_CHARACTERS)
    .optional()
    .openapi({ description: 'The one session, token or client; together with `via`.' }),
  from: timeSchema('The first moment.'),
  to: timeSchema('The first moment after.'),
}

const filterSchema = z.object(FILTER_PARAMETERS)

export type ActivityFilter = z.output<typeof filterSchema>

/** An id alone says nothing: a token and a client may have the same. */
export function isViaWhole({ via, via_id: id }: Pick<ActivityFilter, 'via' | 'via_id'>): boolean {
  return id === undefined || via !== undefined
}

export const VIA_FAULT = { path: ['via_id'], message: 'needs `via`, which says what it is the id of' }
