import { z } from 'zod'
import type { CallQuestion } from '#providers/waiting-caller.ts'
import { cleanText } from './definitions.ts'

/** A question as a stranger writes it, and what of it a person is shown: the protocol's plain fields, bounded and cleaned. */

/** Characters of the question itself. */
const MESSAGE_CHARACTERS = 2_000
/** Characters of what names or explains a field or a choice. */
const TEXT_CHARACTERS = 500
/** Characters of the name of a field, of a value to choose, and of a default. */
const VALUE_CHARACTERS = 200
const URL_CHARACTERS = 2_000
/** Fields that a dialog can be expected to show. */
const FIELDS_MAXIMUM = 30
/** Choices of one field. */
const CHOICES_MAXIMUM = 200

const text = z.string().transform((given) => cleanText(given.replace(/\s+/g, ' '), TEXT_CHARACTERS))
/** What goes back to the server as it is: not cleaned, so it must be clean. */
const value = z
  .string()
  .max(VALUE_CHARACTERS)
  .refine((given) => cleanText(given, VALUE_CHARACTERS) === given.trim())
const described = { title: text.optional(), description: text.optional() }
const choices = z.array(value).min(1).max(CHOICES_MAXIMUM)
const titled = z
  .array(z.object({ const: value, title: text }))
  .min(1)
  .max(CHOICES_MAXIMUM)
const bounds = { minItems: z.number().optional(), maxItems: z.number().optional(), default: z.array(value).optional() }

/** Every kind of field of 2025-11-25 and 2026-07-28 (client/elicitation, "Requested Schema"); members beyond are dropped. */
const fieldSchema = z.union([
  z.object({
    type: z.literal('string'),
    ...described,
    enum: choices,
    enumNames: z.array(text).max(CHOICES_MAXIMUM).optional(),
    default: value.optional(),
  }),
  z.object({ type: z.literal('string'), ...described, oneOf: titled, default: value.optional() }),
  z.object({
    type: z.literal('string'),
    ...described,
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    format: z.enum(['email', 'uri', 'date', 'date-time']).optional(),
    default: value.optional(),
    // A choice whose values cannot be shown is no free text.
    enum: z.never().optional(),
    oneOf: z.never().optional(),
  }),
  z.object({
    type: z.enum(['number', 'integer']),
    ...described,
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    default: z.number().optional(),
  }),
  z.object({ type: z.literal('boolean'), ...described, default: z.boolean().optional() }),
  z.object({
    type: z.literal('array'),
    ...described,
    ...bounds,
    items: z.union([
      z.object({ type: z.literal('string'), enum: choices }),
      z.object({ anyOf: titled }),
      z.object({ oneOf: titled }).transform(({ oneOf }) => ({ anyOf: oneOf })),
    ]),
  }),
])

const formSchema = z.object({
  message: z.string(),
  mode: z.literal('form').optional(),
  requestedSchema: z.object({
    type: z.literal('object'),
    properties: z.record(value, fieldSchema).refine((properties) => Object.keys(properties).length <= FIELDS_MAXIMUM),
    required: z.array(value).max(FIELDS_MAXIMUM).optional(),
  }),
})

const linkSchema = z.object({ message: z.string(), mode: z.literal('url'), url: z.string().max(URL_CHARACTERS) })

/** @returns null for what cannot be shown to anybody as it is meant */
export function readQuestion(params: unknown, serverUrl: string): CallQuestion | null {
  const link = linkSchema.safeParse(params)
  if (link.success) return readLink(link.data, serverUrl)
  const form = formSchema.safeParse(params)
  if (!form.success) return null
  const { properties, required = [] } = form.data.requestedSchema
  if (!required.every((name) => Object.hasOwn(properties, name))) return null
  return {
    kind: 'form',
    message: cleanText(form.data.message, MESSAGE_CHARACTERS),
    schema: { type: 'object', properties, ...(required.length === 0 ? {} : { required }) },
  }
}

/** A person's browser goes there: a page of the web over TLS, or of the server itself, and no name or password in it. */
function readLink({ message, url }: z.output<typeof linkSchema>, serverUrl: string): CallQuestion | null {
  const address = URL.parse(url)
  if (address === null || address.username !== '' || address.password !== '') return null
  if (address.protocol !== 'https:' && address.origin !== new URL(serverUrl).origin) return null
  return { kind: 'url', message: cleanText(message, MESSAGE_CHARACTERS), url: address.href }
}
