import { derivedId, parseId } from '../core/ids.ts'
import { objectsOf } from '../core/json.ts'
import type { DataSourceNode, JsonObject, PropertySchema } from '../state/model.ts'
import { nextSequence } from '../state/state.ts'
import { newDatabase, newDataSource, newPage, type Origin } from '../state/tree.ts'
import { isObject } from '../validation/check.ts'
import type { Presumption } from './presume.ts'
import { succeeded, type Interaction } from './recording.ts'

/** Adds what requests rely on and no answer shows whole: templates, uploaded files, the far ends of relations. */
export function furnish(origin: Origin, presumption: Presumption): void {
  const interactions = presumption.interactions.filter(succeeded)
  for (const interaction of interactions) addTemplates(origin, interaction)
  for (const id of new Set(interactions.flatMap(({ body }) => [...uploadsIn(body)]))) addUpload(origin, id)
  const values = [...presumption.shown.map(({ wire }) => wire), ...interactions.map(({ body }) => body)]
  relate(
    origin,
    values.flatMap((value) => [...relationsIn(value)]),
  )
}

function sourceWith(origin: Origin, id: unknown): DataSourceNode | null {
  const node = origin.state.nodes.get(parseId(id) ?? '')
  if (node?.kind === 'data_source') return node
  const source = node?.kind === 'database' ? origin.state.nodes.get(node.children[0] ?? '') : undefined
  return source?.kind === 'data_source' ? source : null
}

function addTemplates(origin: Origin, interaction: Interaction): void {
  const { path, body, answer } = interaction
  const listing = sourceWith(origin, path.split('/')[3])
  for (const { id, name, is_default: isDefault } of objectsOf(answer?.['templates'])) {
    if (listing !== null)
      addTemplate(origin, listing, { id: String(id), name: String(name), isDefault: isDefault === true })
  }
  const wish = isObject(body) && isObject(body['template']) ? body['template'] : {}
  const parent = isObject(body) && isObject(body['parent']) ? body['parent'] : {}
  const source = sourceWith(origin, parent['data_source_id'] ?? parent['database_id'])
  const template = wishedTemplate(wish, path)
  if (source !== null && template !== null) addTemplate(origin, source, template)
}

type Template = DataSourceNode['templates'][number]

function wishedTemplate(wish: JsonObject, path: string): Template | null {
  const isDefault = wish['type'] === 'default'
  const id = parseId(wish['template_id']) ?? (isDefault ? derivedId('replay', 'template', path) : null)
  return id === null ? null : { id, name: 'Template', isDefault }
}

function addTemplate(origin: Origin, source: DataSourceNode, template: Template): void {
  if (source.templates.some(({ id }) => id === template.id)) return
  source.templates.push(template)
  if (origin.state.nodes.has(template.id)) return
  newPage(origin, { type: 'data_source', id: source.id }, template.id).searchableFrom = Infinity
}

function* uploadsIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const entry of value) yield* uploadsIn(entry)
  if (!isObject(value)) return
  const file = isObject(value['file_upload']) ? value['file_upload']['id'] : value['file_upload_id']
  const id = parseId(file)
  if (id !== null) yield id
  for (const entry of Object.values(value)) yield* uploadsIn(entry)
}

function addUpload(origin: Origin, id: string): void {
  const { state, userId, workspaceId } = origin
  state.uploads.set(id, {
    id,
    workspaceId,
    botId: userId,
    mode: 'single_part',
    status: 'uploaded',
    filename: 'file.bin',
    contentType: 'application/octet-stream',
    parts: new Map([[1, new Uint8Array(1)]]),
    totalParts: null,
    externalUrl: null,
    importedTime: null,
    createdTime: origin.now,
    editedTime: origin.now,
    expiryTold: false,
    attached: true,
    sequence: nextSequence(state),
  })
}

interface RelationValue {
  /** Name or id of the property. */
  key: string
  ids: string[]
}

/** Every relation value in a body or an object. */
function* relationsIn(value: unknown): Generator<RelationValue> {
  if (Array.isArray(value)) for (const entry of value) yield* relationsIn(entry)
  if (!isObject(value)) return
  const properties = isObject(value['properties']) ? value['properties'] : {}
  for (const [key, property] of Object.entries(properties)) {
    const relation = isObject(property) ? property['relation'] : undefined
    const ids = objectsOf(relation).flatMap((entry) => parseId(entry['id']) ?? [])
    if (Array.isArray(relation)) yield { key, ids }
  }
  for (const entry of Object.values(value)) yield* relationsIn(entry)
}

/** Rows that a relation names are rows of the data source that it leads to. */
function relate(origin: Origin, values: RelationValue[]): void {
  for (const source of origin.state.nodes.values()) {
    if (source.kind !== 'data_source') continue
    for (const property of source.properties.filter(({ type }) => type === 'relation')) {
      const own = values.filter(({ key }) =>
        [property.name, property.id, encodeURIComponent(property.id)].includes(key),
      )
      relateProperty(
        origin,
        property,
        own.flatMap(({ ids }) => ids),
      )
    }
  }
}

function relateProperty(origin: Origin, property: PropertySchema, ids: string[]): void {
  const { state } = origin
  const rows = ids.flatMap((id) => {
    const node = state.nodes.get(id)
    return node?.kind === 'page' ? [node] : []
  })
  const home = rows.find(({ parent }) => parent.type === 'data_source')?.parent
  const known = property.config['data_source_id'] ?? (home?.type === 'data_source' ? home.id : undefined)
  if (known === undefined && rows.length === 0) return
  const target = typeof known === 'string' ? known : hiddenSource(origin).id
  property.config = { ...property.config, data_source_id: target } satisfies JsonObject
  for (const row of rows) {
    // Only what nobody showed may be put elsewhere.
    if (row.searchableFrom === Infinity) row.parent = { type: 'data_source', id: target }
  }
}

function hiddenSource(origin: Origin): DataSourceNode {
  const top = [...origin.state.nodes.values()].find((node) => node.kind === 'block' && node.parent.type === 'workspace')
  const source = newDataSource(origin, newDatabase(origin, { type: 'block', id: top?.id ?? '' }))
  source.searchableFrom = Infinity
  return source
}
