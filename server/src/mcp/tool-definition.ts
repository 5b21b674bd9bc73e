import type { Tool } from '@modelcontextprotocol/server'
import type { CatalogEntry } from '#tools/tool-call.ts'

/** A tool as MCP clients list it. Computed once at start: doing it for each request costs more than the call itself. */
export function toolDefinition(entry: CatalogEntry): Tool {
  const { readOnly, destructive, idempotent, openWorld } = entry.annotations
  return {
    name: entry.name,
    title: entry.title.en,
    description: entry.description,
    inputSchema: entry.input_schema as Tool['inputSchema'],
    annotations: {
      readOnlyHint: readOnly,
      // The protocol gives these a meaning for tools that change something only.
      ...(readOnly ? {} : { destructiveHint: destructive, idempotentHint: idempotent }),
      openWorldHint: openWorld,
    },
  }
}
