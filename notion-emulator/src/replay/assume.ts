import { parseId } from '../core/ids.ts'
import { objectsOf, stringOf } from '../core/json.ts'
import { newPropertyId } from '../properties/options.ts'
import type { DataSourceNode, JsonObject, PropertySchema } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import { inferredSchema } from './adopt-values.ts'
import type { Presumption } from './presume.ts'
import { succeeded, type Interaction } from './recording.ts'
import { parentOfWire, sightingsOf } from './sightings.ts'

/** The schema of a data source that no answer shows: from its rows, and from what requests name that succeeded. */
export function assumedSchema(source: DataSourceNode, { interactions, shown }: Presumption): PropertySchema[] {
  const sourceId = source.id
  const properties = inferredSchema(rowsOf(source, { interactions, shown }))
  const databaseId = source.parent.type === 'database' ? source.parent.id : ''
  const named = interactions.filter(succeeded).flatMap(({ path, body }) => {
    const isAbout = parseId(path.split('/')[3]) === sourceId || JSON.stringify(body ?? null).includes(sourceId)
    return [...(isAbout ? namedProperties(body) : []), ...rolledProperties(body, [sourceId, databaseId])]
  })
  for (const { key, type } of named) {
    if (properties.some(({ id, name }) => id === key || name === key)) continue
    const holder = { id: sourceId, properties } as DataSourceNode
    properties.push({ id: newPropertyId(holder, key), name: key, description: null, type, config: {} })
  }
  if (!properties.some(({ type }) => type === 'title')) {
    properties.push({ id: 'title', name: 'Name', description: null, type: 'title', config: {} })
  }
  return properties
}

/** A schema of another session, as far as the rows of this one bear it out, and what they have besides. */
export function agreedSchema(source: DataSourceNode, presumption: Presumption): PropertySchema[] {
  const inferred = inferredSchema(rowsOf(source, presumption))
  if (inferred.length === 0) return source.properties
  return inferred.map((property) => {
    const known = source.properties.find(({ id, type }) => id === property.id && type === property.type)
    return known === undefined ? property : { ...known, config: withOptions(known.config, property.config) }
  })
}

/** Options that rows show may be newer than the schema. */
function withOptions(known: JsonObject, inferred: JsonObject): JsonObject {
  const options = objectsOf(known['options'])
  const others = objectsOf(inferred['options']).filter(({ id }) => !options.some((option) => option['id'] === id))
  return others.length === 0 ? known : { ...known, options: [...options, ...others] }
}

function rowsOf(
  source: DataSourceNode,
  { interactions, shown }: Pick<Presumption, 'interactions' | 'shown'>,
): JsonObject[] {
  const databaseId = source.parent.type === 'database' ? source.parent.id : ''
  return [...sightingsOf(interactions), ...shown]
    .filter(({ kind, wire }) => {
      const parent = parentOfWire(wire)
      return kind === 'page' && (parent?.id === source.id || (parent?.kind === 'database' && parent.id === databaseId))
    })
    .map(({ wire }) => wire)
}

/** Properties that filters, sorts and new values name, with the type that the place tells. */
function* namedProperties(value: unknown): Generator<{ key: string; type: string }> {
  if (Array.isArray(value)) for (const entry of value) yield* namedProperties(entry)
  if (!isObject(value)) return
  const { property } = value
  if (typeof property === 'string' && property !== 'object') {
    const type = Object.keys(value).find((key) => isObject(value[key]))
    yield { key: property, type: type ?? 'rich_text' }
  }
  for (const [member, entry] of Object.entries(value)) {
    if (member !== 'properties') yield* namedProperties(entry)
    else if (isObject(entry)) yield* writtenProperties(entry)
  }
}

function* writtenProperties(properties: JsonObject): Generator<{ key: string; type: string }> {
  for (const [key, value] of Object.entries(properties)) {
    const type = isObject(value) ? Object.keys(value).find((member) => member !== 'id' && member !== 'type') : undefined
    if (type !== undefined && type !== 'name' && type !== 'description') yield { key, type }
  }
}

/** A block that nothing shows, of a type that takes the children which it is seen to have. */
export function assumedBlock(id: string, { interactions }: Presumption): [type: string, payload: JsonObject] {
  const children = sightingsOf(interactions).filter(
    ({ kind, wire }) => kind === 'block' && parentOfWire(wire)?.id === id,
  )
  const row = children.find(({ wire }) => wire['type'] === 'table_row')?.wire['table_row']
  if (isObject(row) && Array.isArray(row['cells'])) {
    return ['table', { table_width: row['cells'].length, has_column_header: false, has_row_header: false }]
  }
  const holdsColumns = children.some(({ wire }) => wire['type'] === 'column')
  return holdsColumns ? ['column_list', {}] : ['toggle', { rich_text: [], color: 'default' }]
}

/** Properties of a source that a rollup reads, which is made together with its relation to the source. */
function* rolledProperties(value: unknown, ids: string[]): Generator<{ key: string; type: string }> {
  if (!isObject(value)) return
  yield* rolledProperties(value['initial_data_source'], ids)
  const schema = isObject(value['properties']) ? value['properties'] : {}
  const leads = (relation: unknown): boolean =>
    isObject(relation) &&
    [relation['data_source_id'], relation['database_id']].some((id) => ids.includes(parseId(id) ?? ''))
  for (const property of objectsOf(Object.values(schema))) {
    const rollup = isObject(property['rollup']) ? property['rollup'] : {}
    const via = schema[stringOf(rollup['relation_property_name'])]
    const key = rollup['rollup_property_name']
    if (typeof key === 'string' && isObject(via) && leads(via['relation'])) yield { key, type: 'number' }
  }
}

/** The Markdown that a page must have had for a recorded edit to give what it gave, by page. */
export function assumedMarkdown(interactions: Interaction[]): Map<string, string> {
  const texts = new Map<string, string>()
  const known = new Set<string>()
  for (const { method, path, body, answer } of interactions) {
    // Where the session shows or appends blocks first, the text follows from these.
    const holder = parseId(/^\/v1\/blocks\/([^/]+)\/children$/.exec(path)?.[1])
    if (holder !== null) known.add(holder)
    const id = parseId(/^\/v1\/pages\/([^/]+)\/markdown$/.exec(path)?.[1])
    if (id === null || answer === null || texts.has(id) || known.has(id)) continue
    const after = stringOf(answer['markdown'])
    texts.set(id, method === 'GET' || !isObject(body) ? after : undone(after, body))
  }
  return texts
}

function undone(after: string, body: JsonObject): string {
  const edit = isObject(body[stringOf(body['type'])]) ? (body[stringOf(body['type'])] as JsonObject) : {}
  const content = stringOf(edit['content']).trimEnd()
  switch (body['type']) {
    case 'insert_content':
      return after.replace(`${content}\n`, '').replace(`\n${content}`, '')
    case 'replace_content_range':
      return after.replace(content, stringOf(edit['content_range']))
    case 'update_content':
      return objectsOf(edit['content_updates']).reduce(
        (text, update) => text.replace(stringOf(update['new_str']), stringOf(update['old_str'])),
        after,
      )
    default:
      return ''
  }
}
