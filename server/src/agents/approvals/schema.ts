import { z } from '@hono/zod-openapi'
import type { TargetOutcome } from '#db/agent-tables.ts'

export const APPROVAL_STATUSES = ['pending', 'approved', 'denied', 'expired', 'used'] as const

const TARGET_OUTCOMES = [
  'read',
  'no_such_target',
  'not_read',
  'not_in_time',
] as const satisfies readonly TargetOutcome[]

export const approvalSchema = z
  .object({
    id: z.number().int(),
    status: z.enum(APPROVAL_STATUSES),
    tool: z.string(),
    target: z.string().nullable().openapi({
      description: 'Title of what the call is about, as the provider gave it; null where it was not found out',
    }),
    about: z
      .object({
        targets: z.array(
          z.object({
            argument: z.string(),
            title: z.string().nullable(),
            outcome: z.enum(TARGET_OUTCOMES).optional().openapi({
              description:
                'read; no_such_target: nothing with this id was found; not_read: reading it is not allowed, or failed; not_in_time: it took longer than two seconds. Absent where it was not noted',
            }),
          }),
        ),
        now: z.array(z.object({ argument: z.string(), text: z.string() })),
      })
      .nullable()
      .openapi({
        description:
          'What the call would touch, as it was when the question was asked: the title of everything that an argument names (null: it has none, or was not read, as its outcome says), and what is there now in place of what the call would put there. Text from outside. Null where the call names nothing that can be read',
      }),
    arguments: z.record(z.string(), z.unknown()),
    arguments_digest: z.string().openapi({ description: 'SHA-256 of the arguments as canonical JSON, hex' }),
    connection_id: z.number().int().nullable().openapi({ description: 'The connection it would be made with' }),
    tool_call_id: z.string().nullable(),
    client: z
      .object({ kind: z.string(), id: z.string() })
      .nullable()
      .openapi({ description: 'The MCP client that asked; null where a run of an agent did' }),
    run_id: z.number().int().nullable(),
    thread_id: z.number().int().nullable(),
    reason: z.string().nullable(),
    asked_because: z.enum(['rules', 'text_of_strangers']).nullable().openapi({
      description:
        'Why a run asks: by the rules for the tool, or because its model has read text that strangers may have written next to other data. Null where an MCP client asked.',
    }),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
    decided_at: z.iso.datetime().nullable(),
  })
  .openapi('Approval')
