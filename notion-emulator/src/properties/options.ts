import { derivedId } from '../core/ids.ts'
import type { DataSourceNode, JsonObject, PropertySchema } from '../state/model.ts'
import { objectsOf, stringOf } from '../core/json.ts'

const COLOR_CYCLE = ['blue', 'green', 'yellow', 'red', 'purple', 'pink', 'orange', 'brown', 'gray', 'default']

/** Groups of a status property and the color that their options have when none is given. */
const STATUS_GROUPS = [
  { name: 'To-do', color: 'gray', option: { name: 'Not started', color: 'default' } },
  { name: 'In progress', color: 'blue', option: { name: 'In progress', color: 'blue' } },
  { name: 'Complete', color: 'green', option: { name: 'Done', color: 'green' } },
] as const

/** An option before it has an id. */
export interface OptionDraft {
  id?: string
  name: string
  color?: string
  description?: string | null
}

/** Options with ids that depend only on the property and the name, and with colors. */
export function makeOptions(scope: string, drafts: OptionDraft[]): JsonObject[] {
  return drafts.map((draft, index) => ({
    id: draft.id ?? derivedId('option', scope, draft.name),
    name: draft.name,
    color: draft.color ?? COLOR_CYCLE[index % COLOR_CYCLE.length],
    description: draft.description ?? null,
  }))
}

/** Options of a request as drafts. */
export function optionDrafts(value: unknown): OptionDraft[] {
  return objectsOf(value).map((option) => ({
    name: stringOf(option['name']),
    ...(typeof option['id'] === 'string' ? { id: option['id'] } : {}),
    ...(typeof option['color'] === 'string' ? { color: option['color'] } : {}),
    ...(typeof option['description'] === 'string' ? { description: option['description'] } : {}),
  }))
}

/**
 * The configuration of a status property.
 * @param membership option names by group, in the order of the three groups; by default every option is to-do
 */
export function makeStatus(scope: string, drafts: OptionDraft[], membership: string[][]): JsonObject {
  const given = drafts.length > 0 ? drafts : STATUS_GROUPS.map((group) => ({ ...group.option }))
  const groupsOfNames = drafts.length > 0 ? membership : STATUS_GROUPS.map((group) => [group.option.name])
  const options = makeOptions(
    scope,
    given.map((draft) => ({ ...draft, color: draft.color ?? statusColor(draft.name, groupsOfNames) })),
  )
  const placed = groupsOfNames.flat()
  const groups = STATUS_GROUPS.map((group, index) => ({
    id: derivedId('group', scope, group.name),
    name: group.name,
    color: group.color,
    option_ids: options
      .filter((option) => {
        const name = stringOf(option['name'])
        return groupsOfNames[index]?.includes(name) === true || (index === 0 && !placed.includes(name))
      })
      .map((option) => option['id']),
  }))
  return { options, groups }
}

function statusColor(name: string, membership: string[][]): string {
  const index = membership.findIndex((names) => names.includes(name))
  return index < 1 ? 'default' : (STATUS_GROUPS[index]?.color ?? 'default')
}

const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:;<=>?@[]^_`{|}~'
const ID_LENGTH = 4
const HEX_DIGITS_PER_CHARACTER = 4

/** A free property id: four printable characters that depend on the source, the name and what is taken. */
export function newPropertyId(source: DataSourceNode, name: string): string {
  for (let attempt = 0; ; attempt += 1) {
    const hex = derivedId('property', source.id, name, String(attempt)).replaceAll('-', '')
    let id = ''
    for (let index = 0; index < ID_LENGTH; index += 1) {
      const digits = hex.slice(index * HEX_DIGITS_PER_CHARACTER, (index + 1) * HEX_DIGITS_PER_CHARACTER)
      id += ID_ALPHABET.charAt(Number.parseInt(digits, 16) % ID_ALPHABET.length)
    }
    if (!source.properties.some((property) => property.id === id)) return id
  }
}

/** Finds an option by id or name. */
export function findOption(property: PropertySchema, wanted: { id?: unknown; name?: unknown }): JsonObject | null {
  const options = objectsOf(property.config['options'])
  return (
    options.find((option) => wanted.id !== undefined && option['id'] === wanted.id) ??
    options.find((option) => wanted.name !== undefined && option['name'] === wanted.name) ??
    null
  )
}

/** Adds an option to a select or multi_select property, as the real API silently does for unknown names. */
export function addOption(property: PropertySchema, scope: string, draft: OptionDraft): JsonObject {
  const options = objectsOf(property.config['options'])
  const [made] = makeOptions(scope, [{ color: 'default', ...draft }])
  const option = made ?? {}
  property.config = { ...property.config, options: [...options, option] }
  return option
}
