import { derivedIds } from '../core/ids.ts'
import { plainRichText } from '../core/rich-text.ts'
import { addBlocks, fromMarkdown } from '../blocks/insert.ts'
import { parseMarkdown } from '../markdown/parse.ts'
import { syncRelations } from '../properties/values.ts'
import { FULL_CAPABILITIES, integrationId, registerIntegration } from '../state/integrations.ts'
import type { Node, PageNode, ParentReference } from '../state/model.ts'
import { nextSequence, type State } from '../state/state.ts'
import { newDatabase, newDataSource, newPage, place, referenceTo, type Origin } from '../state/tree.ts'
import type {
  Seed,
  SeedDatabase,
  SeedDataSource,
  SeedInstall,
  SeedIntegration,
  SeedOrigin,
  SeedPage,
  SeedRow,
  SeedTemplate,
} from './format.ts'
import { seedProperties, seedValues } from './properties.ts'

/** Reads text or parsed JSON as a seed. Throws a TypeError when it is not of format `notion-seed/1`. */
export function loadSeed(json: unknown): Seed {
  const value: unknown = typeof json === 'string' ? JSON.parse(json) : json
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (format !== 'notion-seed/1') throw new TypeError(`Not a seed of format notion-seed/1: ${String(format)}`)
  return value as Seed
}

/** Adds the workspace of a seed to a state. Ids of its blocks depend only on the workspace. */
export function addSeed(state: State, seed: Seed): void {
  const workspaceId = seed.workspace.id
  const { icon = null, plan = 'free', id, name } = seed.workspace
  const { max_upload_bytes: maxUploadBytes } = seed.workspace
  const limit = maxUploadBytes === undefined ? {} : { maxUploadBytes }
  state.workspaces.set(workspaceId, { id, name, icon, plan, ...limit })
  addUsers(state, seed)
  addInstalls(state, seed)
  const origin: Origin = {
    state,
    newId: derivedIds(`seed/${workspaceId}`),
    workspaceId,
    userId: seed.users[0]?.id ?? workspaceId,
    now: 0,
    indexDelayMs: 0,
  }
  for (const page of seed.pages) addPage(origin, page)
  for (const database of seed.databases ?? []) addDatabase(origin, database)
  addRows(origin, seed.databases ?? [])
  addComments(state, seed)
  for (const emoji of seed.custom_emojis ?? []) state.customEmojis.set(emoji.id, { ...emoji, workspaceId })
}

function addUsers(state: State, seed: Seed): void {
  for (const user of seed.users) {
    state.users.set(user.id, {
      id: user.id,
      workspaceId: seed.workspace.id,
      type: user.type,
      name: user.name,
      avatarUrl: user.avatar_url ?? null,
      email: user.email ?? null,
      membership: user.membership ?? 'member',
    })
  }
}

function addInstalls(state: State, seed: Seed): void {
  for (const declared of seed.integrations ?? []) declareIntegration(state, seed, declared)
  for (const install of seed.installs) {
    const { owner } = install
    state.installs.set(install.bot_id, {
      botId: install.bot_id,
      workspaceId: seed.workspace.id,
      integrationId: integrationOfInstall(state, seed, install),
      owner: owner.type === 'user' ? { type: 'user', userId: owner.user_id } : owner,
      roots: new Set(install.roots),
      readonlyRoots: new Set(install.readonly_roots),
      capabilities: new Set(install.capabilities),
      revoked: false,
    })
  }
}

/** The home of an integration of this seed: public ones have none. */
function homeOf(seed: Seed, kind: SeedInstall['kind']): string | undefined {
  return kind === 'internal' ? seed.workspace.id : undefined
}

function declareIntegration(state: State, seed: Seed, declared: SeedIntegration): void {
  const { name, kind, id, client_id: clientId, client_secret: clientSecret } = declared
  const ofFirstInstall = seed.installs.find((install) => install.integration === name && install.kind === kind)
  const homeWorkspace = homeOf(seed, kind)
  const known = state.integrations.get(id ?? integrationId(name, homeWorkspace))
  if (known !== undefined) {
    // Another workspace of the same public integration: it stays what it is, and may return to these addresses, too.
    known.redirectUris = [...new Set([...known.redirectUris, ...(declared.redirect_uris ?? [])])]
    return
  }
  registerIntegration(state, {
    name,
    kind,
    redirectUris: declared.redirect_uris ?? [],
    capabilities: new Set(declared.capabilities ?? ofFirstInstall?.capabilities ?? FULL_CAPABILITIES),
    ...(id === undefined ? {} : { id }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(homeWorkspace === undefined ? {} : { homeWorkspace }),
  })
}

/** The id of the integration of an install, which is registered when the seed does not declare it. */
function integrationOfInstall(state: State, seed: Seed, install: SeedInstall): string {
  const { integration: name, kind } = install
  const homeWorkspace = homeOf(seed, kind)
  const declared = seed.integrations?.find((candidate) => candidate.name === name && candidate.kind === kind)
  const id = declared?.id ?? integrationId(name, homeWorkspace)
  if (state.integrations.has(id)) return id
  const home = homeWorkspace === undefined ? {} : { homeWorkspace }
  const capabilities = new Set(install.capabilities)
  return registerIntegration(state, { name, kind, redirectUris: [], capabilities, ...home }).id
}

function at(origin: Origin, made: SeedOrigin): Origin {
  return { ...origin, userId: made.created_by ?? origin.userId, now: Date.parse(made.created_time ?? '') || origin.now }
}

/** Sets who edited last and when, and the trash flag; content that came with the seed is as old as its page. */
function settle(node: Node, made: SeedOrigin): void {
  node.editedBy = made.last_edited_by ?? node.createdBy
  node.editedTime = Date.parse(made.last_edited_time ?? '') || node.createdTime
  node.inTrash = made.in_trash ?? false
}

function parentReference(parent: SeedPage['parent']): ParentReference {
  return parent.type === 'workspace' ? parent : { type: 'page', id: parent.id }
}

function hang(origin: Origin, node: Node): void {
  const parent = node.parent.type === 'workspace' ? undefined : origin.state.nodes.get(node.parent.id)
  if (parent !== undefined) place(parent, [node], 'end')
}

function addPage(origin: Origin, seed: SeedPage): void {
  const made = at(origin, seed)
  const page = newPage(made, parentReference(seed.parent), seed.id)
  page.values = { title: plainRichText(seed.title) }
  page.icon = emoji(seed.icon)
  if (seed.public_site !== undefined) page.publicSite = seed.public_site
  hang(origin, page)
  addContent(made, page, seed)
  settle(page, seed)
}

function addContent(origin: Origin, page: PageNode, content: Pick<SeedPage, 'markdown' | 'blocks'>): void {
  if (content.blocks !== undefined) addBlocks(origin, page, content.blocks, 'end')
  if (content.markdown !== undefined) fromMarkdown(origin, page, parseMarkdown(content.markdown), 'end')
}

function emoji(icon: string | null | undefined): { type: 'emoji'; emoji: string } | null {
  return icon === null || icon === undefined ? null : { type: 'emoji', emoji: icon }
}

function addDatabase(origin: Origin, seed: SeedDatabase): void {
  const made = at(origin, seed)
  const database = newDatabase(made, parentReference(seed.parent), seed.id)
  database.title = plainRichText(seed.title)
  database.description = plainRichText(seed.description ?? '')
  database.icon = emoji(seed.icon)
  database.isInline = seed.is_inline ?? false
  hang(origin, database)
  for (const entry of seed.data_sources) {
    const source = newDataSource(made, database, entry.id)
    source.title = plainRichText(entry.title)
    source.description = plainRichText(seed.description ?? '')
    source.icon = database.icon
    settle(source, { ...seed, id: entry.id })
  }
  settle(database, seed)
}

/** Schemas and rows come after all data sources exist, since relations name each other's. */
function addRows(origin: Origin, databases: SeedDatabase[]): void {
  const sources = databases.flatMap((database) => database.data_sources)
  const idByKey = new Map(sources.map((source) => [String(source.key), source.id]))
  for (const entry of sources) {
    const source = origin.state.nodes.get(entry.id)
    if (source?.kind === 'data_source') source.properties = seedProperties(source, entry.properties, idByKey)
  }
  for (const entry of sources) {
    for (const row of entry.rows) addRow(origin, entry, row)
    for (const template of entry.templates ?? []) addTemplate(origin, entry, template)
  }
}

function addRow(origin: Origin, entry: SeedDataSource, seed: SeedRow): void {
  const source = origin.state.nodes.get(entry.id)
  if (source?.kind !== 'data_source') return
  const made = at(origin, seed)
  const page = newPage(made, referenceTo(source), seed.id)
  page.values = seedValues(source, seed.properties)
  page.rowNumber = source.nextRowNumber
  source.nextRowNumber += 1
  place(source, [page], 'end')
  syncRelations(origin, page, {})
  addContent(made, page, seed)
  settle(page, seed)
}

function addTemplate(origin: Origin, entry: SeedDataSource, seed: SeedTemplate): void {
  const source = origin.state.nodes.get(entry.id)
  if (source?.kind !== 'data_source') return
  const page = newPage(origin, referenceTo(source), seed.id)
  page.values = { title: plainRichText(seed.name) }
  source.templates.push({ id: seed.id, name: seed.name, isDefault: seed.is_default ?? false })
  addContent(origin, page, seed)
}

function addComments(state: State, seed: Seed): void {
  for (const comment of seed.comments ?? []) {
    const author = state.users.get(comment.created_by)
    const time = Date.parse(comment.created_time)
    state.comments.set(comment.id, {
      id: comment.id,
      workspaceId: seed.workspace.id,
      discussionId: comment.discussion_id,
      parent: comment.parent,
      createdBy: comment.created_by,
      createdTime: time,
      editedTime: time,
      richText: plainRichText(comment.text),
      displayName: { type: author?.type === 'bot' ? 'integration' : 'user', resolved_name: author?.name ?? null },
      resolved: comment.resolved ?? false,
      sequence: nextSequence(state),
    })
  }
}
