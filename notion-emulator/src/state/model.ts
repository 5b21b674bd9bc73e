import type { FileCategory } from '../uploads/content-types.ts'

/** Any JSON object: the wire format of Notion is deep and open, so payloads stay structural. */
export type JsonObject = Record<string, unknown>

/** The three API versions that the emulator answers. */
export type ApiVersion = '2022-06-28' | '2025-09-03' | '2026-03-11'

/** What an integration may do; the names follow the switches of Notion's integration settings. */
export type Capability =
  | 'read_content'
  | 'update_content'
  | 'insert_content'
  | 'read_comments'
  | 'insert_comments'
  | 'user_none'
  | 'user_no_email'
  | 'user_email'

export interface Workspace {
  id: string
  name: string
  icon: string | null
  plan: 'free' | 'plus' | 'business' | 'enterprise'
  /** Largest file that may be uploaded, in bytes; that of the plan when absent. */
  maxUploadBytes?: number
}

export interface User {
  id: string
  workspaceId: string
  type: 'person' | 'bot'
  name: string
  avatarUrl: string | null
  email: string | null
  membership: 'member' | 'guest' | 'admin'
}

export type InstallOwner = { type: 'workspace' } | { type: 'user'; userId: string }

/**
 * What a developer registered. An internal integration belongs to one workspace; a public one is installed in any
 * number of them through OAuth, and owns the client's credentials and the subscriptions to events.
 */
export interface Integration {
  id: string
  kind: 'internal' | 'public'
  name: string
  /** Both are there for public integrations only. They are made up, so they are kept as they are. */
  clientId?: string
  clientSecret?: string
  redirectUris: string[]
  /** What an install may do from its next authorization on. */
  capabilities: Set<Capability>
  /** The workspace of an internal integration. */
  homeWorkspace?: string
}

/** One integration in one workspace. Its bot user is who acts; `roots` are what its people shared with it. */
export interface Install {
  botId: string
  workspaceId: string
  integrationId: string
  owner: InstallOwner
  roots: Set<string>
  /** When search begins to find what hangs below a root, in milliseconds since the epoch; absent is long ago. */
  searchableFrom?: Map<string, number>
  /** Roots whose subtree reads well and refuses every write: the user behind the install can only read there. */
  readonlyRoots: Set<string>
  capabilities: Set<Capability>
  revoked: boolean
}

/** A token. Only its SHA-256 is kept. */
export interface Token {
  hash: string
  botId: string
  /** `internal` for an internal integration's own token; the other two come from an authorization. */
  kind: 'access' | 'refresh' | 'internal'
  /** Milliseconds since the epoch. */
  issuedAt: number
  /** Milliseconds since the epoch, or null for a token that does not expire. */
  expiresAt: number | null
  revoked: boolean
  /** Hash of the refresh token that this one was exchanged for. */
  replacedBy: string | null
  /** Common to all tokens that came from the same consent. */
  authorizationId: string
}

/** What somebody agreed to and the client has not fetched yet. Only the SHA-256 of the code is kept. */
export interface AuthorizationCode {
  hash: string
  integrationId: string
  redirectUri: string
  redirectUriWasSent: boolean
  workspaceId: string
  userId: string
  roots: string[]
  /** Milliseconds since the epoch. */
  expiresAt: number
  used: boolean
}

/** Where an object hangs. `data_source` holds rows, `database` holds data sources. */
export type ParentReference =
  | { type: 'workspace' }
  | { type: 'page'; id: string }
  | { type: 'block'; id: string }
  | { type: 'database'; id: string }
  | { type: 'data_source'; id: string }

interface NodeBase {
  id: string
  workspaceId: string
  parent: ParentReference
  /** Milliseconds since the epoch. */
  createdTime: number
  editedTime: number
  createdBy: string
  editedBy: string
  inTrash: boolean
  /** Ids in order: blocks of a page or block, rows of a data source, data sources of a database. */
  children: string[]
  /** Order of creation, which breaks ties between equal times. */
  sequence: number
  /** Search finds the object from this moment on (milliseconds since the epoch). */
  searchableFrom: number
  /** Origin of the web site as which the object and everything below it was published; absent for what was not. */
  publicSite?: string
}

/** Page property values by property id. What a value holds depends on its type; see properties/values.ts. */
export type StoredValues = Record<string, unknown>

export interface PageNode extends NodeBase {
  kind: 'page'
  icon: JsonObject | null
  cover: JsonObject | null
  isLocked: boolean
  isArchived: boolean
  values: StoredValues
  /** Number within its data source, for `unique_id`; 0 for a page that is no row. */
  rowNumber: number
}

export interface BlockNode extends NodeBase {
  kind: 'block'
  type: string
  /** The payload as answered, without children. */
  payload: JsonObject
}

export interface DatabaseNode extends NodeBase {
  kind: 'database'
  title: JsonObject[]
  description: JsonObject[]
  icon: JsonObject | null
  cover: JsonObject | null
  isInline: boolean
  isLocked: boolean
}

export interface PropertySchema {
  /** Raw id: four printable characters, or `title`. Percent-encoded on the wire. */
  id: string
  name: string
  description: string | null
  type: string
  /** The member named after the type, e.g. `{options: [...]}`. */
  config: JsonObject
}

export interface DataSourceNode extends NodeBase {
  kind: 'data_source'
  title: JsonObject[]
  description: JsonObject[]
  icon: JsonObject | null
  cover: JsonObject | null
  properties: PropertySchema[]
  nextRowNumber: number
  templates: { id: string; name: string; isDefault: boolean }[]
}

export type Node = PageNode | BlockNode | DatabaseNode | DataSourceNode

/** A picture that a workspace uses as an emoji. */
export interface CustomEmoji {
  id: string
  workspaceId: string
  name: string
  url: string
}

/** A file that hangs on a comment. */
export interface CommentAttachment {
  category: FileCategory
  uploadId: string
}

export interface Comment {
  id: string
  workspaceId: string
  discussionId: string
  parent: { type: 'page_id' | 'block_id'; id: string }
  createdBy: string
  createdTime: number
  editedTime: number
  richText: JsonObject[]
  displayName: JsonObject
  attachments?: CommentAttachment[]
  resolved: boolean
  sequence: number
}
