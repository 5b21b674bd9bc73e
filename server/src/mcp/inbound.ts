import type { InboundHttpRequest } from '@modelcontextprotocol/server'

/** The headers by which the library tells the revisions apart (2026-07-28, basic/transports, "Headers"). */
export interface McpHeaders {
  readonly version: string | undefined
  readonly method: string | undefined
  readonly name: string | undefined
}

export function headersOf(request: Request): McpHeaders {
  const header = (name: string) => request.headers.get(name) ?? undefined
  return { version: header('mcp-protocol-version'), method: header('mcp-method'), name: header('mcp-name') }
}

export function inboundOf(httpMethod: string, headers: McpHeaders, body: unknown): InboundHttpRequest {
  return {
    httpMethod,
    ...(headers.version === undefined ? {} : { protocolVersionHeader: headers.version }),
    ...(headers.method === undefined ? {} : { mcpMethodHeader: headers.method }),
    ...(headers.name === undefined ? {} : { mcpNameHeader: headers.name }),
    body,
  }
}
