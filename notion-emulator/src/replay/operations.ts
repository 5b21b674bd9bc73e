import type { Interaction } from './recording.ts'

/** An operation of the API by method and path pattern. */
export interface Operation {
  name: string
  /** Whether the bar holds for it, as one of those in use most; the others are driven too, since sessions build on them, and counted apart. */
  isTool: boolean
}

const TOOL_OPERATIONS = [
  'GET /v1/pages/:id',
  'POST /v1/pages',
  'PATCH /v1/pages/:id',
  'GET /v1/pages/:id/markdown',
  'PATCH /v1/pages/:id/markdown',
  'POST /v1/search',
  'GET /v1/blocks/:id',
  'PATCH /v1/blocks/:id',
  'DELETE /v1/blocks/:id',
  'GET /v1/blocks/:id/children',
  'PATCH /v1/blocks/:id/children',
  'GET /v1/databases/:id',
  'POST /v1/databases',
  'PATCH /v1/databases/:id',
  'POST /v1/databases/:id/query',
  'GET /v1/data_sources/:id',
  'PATCH /v1/data_sources/:id',
  'POST /v1/data_sources/:id/query',
  'GET /v1/users/me',
  'GET /v1/users',
  'GET /v1/users/:id',
  'POST /v1/comments',
  'GET /v1/comments',
]

const OTHER_OPERATIONS = [
  'POST /v1/pages/:id/move',
  'GET /v1/pages/:id/properties/:id',
  'POST /v1/data_sources',
  'GET /v1/data_sources/:id/templates',
  'GET /v1/comments/:id',
  'PATCH /v1/comments/:id',
  'DELETE /v1/comments/:id',
]

const OPERATIONS: (Operation & { method: string; segments: string[] })[] = [
  ...TOOL_OPERATIONS.map((name) => parsed(name, true)),
  ...OTHER_OPERATIONS.map((name) => parsed(name, false)),
]

function parsed(name: string, isTool: boolean) {
  const [method = '', path = ''] = name.split(' ')
  return { name, isTool, method, segments: path.split('/') }
}

/** The operation of a recorded request, or null for one that is not driven. */
export function operationOf({ method, path }: Pick<Interaction, 'method' | 'path'>): Operation | null {
  const segments = path.split('/')
  const found = OPERATIONS.find(
    (operation) =>
      operation.method === method &&
      operation.segments.length === segments.length &&
      operation.segments.every((segment, index) => segment.startsWith(':') || segment === segments[index]),
  )
  return found === undefined ? null : { name: found.name, isTool: found.isTool }
}

/** The recorded path with its ids masked, for a request that no operation covers. */
export function maskedTarget({ method, path }: Pick<Interaction, 'method' | 'path'>): string {
  return `${method} ${path.replace(/[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/gi, ':id')}`
}
