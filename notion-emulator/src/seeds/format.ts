import type { Capability, JsonObject } from '../state/model.ts'

/** A workspace to start from, as JSON: format `notion-seed/1`. */
export interface Seed {
  format: 'notion-seed/1'
  workspace: {
    id: string
    name: string
    icon?: string | null
    plan?: 'free' | 'plus' | 'business' | 'enterprise'
    /** Largest file that may be uploaded; that of the plan when left out. */
    max_upload_bytes?: number
  }
  users: SeedUser[]
  /** Integrations that need more than their installs say; the others follow from these. */
  integrations?: SeedIntegration[]
  installs: SeedInstall[]
  pages: SeedPage[]
  databases?: SeedDatabase[]
  comments?: SeedComment[]
  custom_emojis?: { id: string; name: string; url: string }[]
}

export interface SeedUser {
  id: string
  type: 'person' | 'bot'
  name: string
  email?: string
  avatar_url?: string | null
  membership?: 'member' | 'guest' | 'admin'
}

/** A public integration is the same one in every workspace of the same emulator that names it. */
export interface SeedIntegration {
  name: string
  kind: 'internal' | 'public'
  /** Made from the name, and from the workspace of an internal integration, when left out. So are the next two. */
  id?: string
  client_id?: string
  client_secret?: string
  redirect_uris?: string[]
  /** Those of its first install when left out, and all when it has none. */
  capabilities?: Capability[]
}

export interface SeedInstall {
  bot_id: string
  /** Name of the integration. */
  integration: string
  kind: 'internal' | 'public'
  owner: { type: 'workspace' } | { type: 'user'; user_id: string }
  roots: string[]
  readonly_roots?: string[]
  capabilities: Capability[]
}

/** Who made something and when; ISO 8601. */
export interface SeedOrigin {
  id: string
  created_by?: string
  created_time?: string
  last_edited_by?: string
  last_edited_time?: string
  in_trash?: boolean
}

export interface SeedPage extends SeedOrigin {
  key?: string | number
  parent: { type: 'workspace' } | { type: 'page_id'; id: string }
  title: string
  icon?: string | null
  /** Origin of the web site as which the page and what is below it is published. */
  public_site?: string
  markdown?: string
  /** Request blocks, without ids. */
  blocks?: JsonObject[]
}

export interface SeedDatabase extends SeedOrigin {
  key?: string | number
  parent: { type: 'workspace' } | { type: 'page_id'; id: string }
  title: string
  description?: string
  icon?: string | null
  is_inline?: boolean
  data_sources: SeedDataSource[]
}

export interface SeedDataSource {
  id: string
  key?: string | number
  title: string
  properties: Record<string, SeedProperty>
  rows: SeedRow[]
  templates?: SeedTemplate[]
}

/** A page that new rows may be copied from; it is no row itself. */
export interface SeedTemplate {
  id: string
  name: string
  is_default?: boolean
  markdown?: string
}

export interface SeedProperty {
  type: string
  options?: string[]
  groups?: Partial<Record<'todo' | 'in_progress' | 'complete', string[]>>
  format?: string
  /** Key of the related data source. */
  data_source?: string
}

export interface SeedRow extends SeedOrigin {
  key?: string | number
  /** Flat values by property name. */
  properties: Record<string, unknown>
  markdown?: string
}

export interface SeedComment {
  id: string
  discussion_id: string
  parent: { type: 'page_id' | 'block_id'; id: string }
  created_by: string
  created_time: string
  text: string
  resolved?: boolean
}
