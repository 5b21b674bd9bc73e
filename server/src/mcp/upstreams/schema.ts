import { z } from '@hono/zod-openapi'
import { LARGEST_ID } from '#kernel/http.ts'
import { LONGEST_ADDRESS } from './server-address.ts'

/** What the routes of remote servers take and give. */

const LABEL_CHARACTERS = 100
/** As of any key that is pasted. */
const TOKEN_CHARACTERS = 1_000
const SCOPE_CHARACTERS = 2_000

export const serverSchema = z
  .object({
    connected: z.boolean(),
    status: z.enum(['connected', 'needs_reauthorization', 'error', 'disabled']),
    provider: z.string(),
    connection_id: z.number().int(),
    label: z.string(),
    account: z.record(z.string(), z.unknown()),
    status_reason: z.string().nullable(),
    connected_at: z.string(),
    last_used_at: z.string().nullable(),
    expires_at: z.string().nullable(),
    url: z.string().openapi({ description: 'Without its query' }),
    query_is_sealed: z.boolean().openapi({ description: 'It has a query, which is kept sealed and not shown' }),
    tool_prefix: z.string(),
    changed_tools: z.number().int(),
  })
  .loose()
  .openapi('RemoteServer')

export const authorizeSchema = z.object({ authorize_url: z.string(), expires_at: z.string() })

const returnTo = z.string().min(1).max(LONGEST_ADDRESS)

export const connectServerSchema = z
  .strictObject({
    url: z.string().min(1).max(LONGEST_ADDRESS),
    label: z.string().trim().min(1).max(LABEL_CHARACTERS).optional(),
    token: z
      .string()
      .trim()
      .max(TOKEN_CHARACTERS)
      .regex(/^[\x21-\x7e]+$/, 'holds spaces or characters that no token has')
      .optional(),
    return_to: returnTo.optional(),
  })
  .openapi({ example: { url: 'https://mcp.example.com/mcp' } })

export const serverParameters = z.object({ id: z.coerce.number().int().positive().max(LARGEST_ID) })

export const renewServerSchema = z.strictObject({
  scope: z.string().max(SCOPE_CHARACTERS).optional(),
  return_to: returnTo.optional(),
})
