import {
  isSpecType,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type JSONRPCRequest,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server'

type Handler = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>

/** Methods whose parameters the library checks without saying so in the error's code; it does for `tools/call`. */
const REQUESTS: Readonly<Record<string, (request: unknown) => boolean>> = {
  'tools/list': isSpecType.ListToolsRequest,
  'resources/list': isSpecType.ListResourcesRequest,
  'resources/templates/list': isSpecType.ListResourceTemplatesRequest,
  'resources/read': isSpecType.ReadResourceRequest,
  'prompts/list': isSpecType.ListPromptsRequest,
  'prompts/get': isSpecType.GetPromptRequest,
  'completion/complete': isSpecType.CompleteRequest,
}

/** Each answers all that there is at once and gives out no cursor, so that any is a wrong one (server/utilities/pagination). */
const LISTS: ReadonlySet<string> = new Set(['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'])

/** The library's server, with the code that JSON-RPC 2.0 (5.1) names for wrong parameters: invalid params, no internal error. */
export class CheckedServer extends Server {
  protected override _wrapHandler(method: string, handler: Handler): Handler {
    const wrapped = super._wrapHandler(method, handler)
    const isRequest = REQUESTS[method]
    if (isRequest === undefined) return wrapped
    return async (request, context) => {
      const isPaged = LISTS.has(method) && request.params?.['cursor'] !== undefined
      if (isPaged || !isRequest(request)) {
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid params for ${method}`)
      }
      return wrapped(request, context)
    }
  }
}
