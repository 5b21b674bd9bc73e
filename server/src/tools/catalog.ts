import { z } from 'zod'
import type { Registry } from '#providers/registry.ts'
import type { Catalog, CatalogEntry } from './tool-call.ts'

/** Edits between a mistyped name and the one that was meant, at most, as a share of its length. */
const NEAR_SHARE = 0.4

/** Turns every tool's schema into JSON Schema once: doing it per request costs milliseconds. */
export function createCatalog(registry: Pick<Registry, 'providers'>): Catalog {
  const entries: CatalogEntry[] = registry.providers.flatMap((provider) =>
    provider.tools.map((tool) => ({
      name: tool.name,
      provider: provider.id,
      title: tool.title,
      description: tool.description,
      input_schema: jsonSchemaOf(tool.input),
      annotations: tool.annotations,
      intent: tool.intent,
    })),
  )
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  return {
    entries,
    entry: (name) => byName.get(name),
    closest: (name) => closestOf(name, [...byName.keys()]),
  }
}

function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}

/** The nearest of the names, or undefined where none is near. */
export function closestOf(name: string, names: readonly string[]): string | undefined {
  const ranked = names.map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate) }))
  const best = ranked.sort((a, b) => a.edits - b.edits)[0]
  return best !== undefined && best.edits <= best.candidate.length * NEAR_SHARE ? best.candidate : undefined
}

/** Levenshtein distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
