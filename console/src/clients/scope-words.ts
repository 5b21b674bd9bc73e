import type { Scope } from '@chaveiro/sdk'
import type { WordKey } from '../language.ts'

/** What a scope allows, as people say it. In the order in which they are offered. */
export const SCOPE_WORDS: Readonly<Record<Scope, WordKey>> = {
  'tools:read': 'scope.tools_read',
  'tools:write': 'scope.tools_write',
  'connections:read': 'scope.connections_read',
  'connections:write': 'scope.connections_write',
  'agents:read': 'scope.agents_read',
  'agents:write': 'scope.agents_write',
  chat: 'scope.chat',
  'activity:read': 'scope.activity_read',
  account: 'scope.account',
  admin: 'scope.admin',
}

export const ALL_SCOPES = Object.keys(SCOPE_WORDS) as Scope[]
