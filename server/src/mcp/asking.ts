import type { AuthInfo, ServerContext } from '@modelcontextprotocol/server'
import type { Asking } from './source.ts'

/**
 * Carries who asks through the library, message by message: never kept with a server or a session. The library's own
 * members stay empty, above all the token, which nothing behind the endpoint needs.
 */
export function authInfoOf(asking: Asking): AuthInfo {
  const { via, scopes } = asking.principal
  return { token: '', clientId: `${via.kind}:${via.id}`, scopes: [...scopes], extra: { asking } }
}

/** @throws TypeError where a message came without anybody who asks: a bug, never a request. */
export function askingOf(context: ServerContext): Asking {
  const asking = context.http?.authInfo?.extra?.['asking']
  if (asking === undefined) throw new TypeError('A message reached the server without a principal')
  return asking as Asking
}
