import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from '@hono/zod-openapi'

/**
 * Remote servers that many people use, as data: what a user would otherwise have to look up. A server that is not among
 * them is connected by its address all the same.
 */

const localText = z.object({ en: z.string(), pt: z.string() })

export const presetSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    description: localText,
    /**
     * The ways in that it is known to have, the easiest first: signing in, which works at once; signing in, after the
     * operator has set a client; a token that the user made there.
     */
    access: z.array(z.enum(['sign_in', 'operator_app', 'token'])),
    /** What is in the way, where something is. */
    note: localText.nullable(),
    docs_url: z.string(),
  })
  .openapi('ServerPreset')

export type Preset = z.output<typeof presetSchema>

const FILE = join(import.meta.dirname, 'presets.json')

export const PRESETS: readonly Preset[] = z.array(presetSchema).parse(JSON.parse(readFileSync(FILE, 'utf8')))
