import type { EmulatorResponse } from '../core/handle.ts'
import { parseId } from '../core/ids.ts'
import { objectsOf, stringOf } from '../core/json.ts'
import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import { compareValues, type Difference } from './compare.ts'
import { looksAt, replacedProperties } from './replaced.ts'
import { compareRows, type OpenRows } from './rows.ts'
import { operationOf, maskedTarget, type Operation } from './operations.ts'
import { presume, type Archive } from './presume.ts'
import { isWrite, type Interaction, type Session } from './recording.ts'
import { idsMadeBy } from './sightings.ts'
import { times } from './times.ts'
import { Names } from './translate.ts'
import { createWorld, type World } from './world.ts'

/** A recorded request that was sent. */
export interface Driven {
  driven: true
  interaction: Interaction
  operation: Operation
  differences: Difference[]
  /** Rows that the recording leaves open. */
  undetermined: number
  /** Whether its filter asks for values that the recording replaced. */
  looksAtReplaced: boolean
}

/** What became of one recorded request. */
export type Outcome = Driven | { driven: false; interaction: Interaction; why: string }

/** Drives a recorded session against a fresh emulator, request by request. */
export function driveSession(session: Session, archive: Archive): Outcome[] {
  const presumption = presume(session, archive)
  const names = new Names()
  const world = createWorld(presumption, names)
  const clock = times(session.interactions)
  const changed = new ChangedObjects()
  const replaced = replacedProperties(session.interactions)
  return session.interactions.map((interaction, index) => {
    const operation = operationOf(interaction)
    if (operation === null) {
      return { interaction, driven: false, why: `no operation that is driven: ${maskedTarget(interaction)}` }
    }
    const obstacle = obstacleTo(interaction)
    if (obstacle !== null) return { interaction, driven: false, why: obstacle }
    const response = send(world, interaction, names, clock[index] ?? 0)
    const comparison = compareAnswers({ interaction, response, names, changed, world })
    changed.note(interaction, names)
    const looksAtReplaced = looksAt(replaced, interaction.body)
    return { interaction, driven: true, operation, ...comparison, looksAtReplaced }
  })
}

/** Why a request cannot be sent as it was recorded, or null. */
function obstacleTo(interaction: Interaction): string | null {
  if (isObject(interaction.body) && '$multipart' in interaction.body) return 'a body that is no JSON'
  return interaction.answer === null ? 'an answer without a JSON object' : null
}

function send(world: World, interaction: Interaction, names: Names, now: number): EmulatorResponse {
  const query = interaction.query.map(([name, value]) => `${name}=${encodeURIComponent(names.name(value))}`).join('&')
  world.setTime(now)
  return world.emulator.handle({
    method: interaction.method,
    path: names.path(interaction.path) + (query === '' ? '' : `?${query}`),
    headers: { authorization: `Bearer ${world.token}`, 'notion-version': interaction.version },
    body: interaction.body === null ? '' : JSON.stringify(names.value(interaction.body)),
  })
}

interface Exchange {
  interaction: Interaction
  response: EmulatorResponse
  names: Names
  changed: ChangedObjects
  world: World
}

type Comparison = Pick<Driven, 'differences' | 'undetermined'>

function compareAnswers({ interaction, response, names, changed, world }: Exchange): Comparison {
  const recorded = interaction.answer ?? {}
  const emulated = JSON.parse(response.body) as JsonObject
  const wanted = `${interaction.status} ${stringOf(recorded['code'])}`.trim()
  const given = `${response.status} ${stringOf(emulated['code'])}`.trim()
  if (wanted !== given) {
    const message = stringOf(emulated['message'])
    const difference = { kind: 'status', place: '', recorded: wanted, emulated: `${given} ${message}`.trim() } as const
    return { differences: [difference], undetermined: 0 }
  }
  nameCreated(interaction, emulated, names)
  // The items of one property share its id: they are parts, not rows.
  if (!Array.isArray(recorded['results']) || recorded['type'] === 'property_item') {
    return { differences: compareValues(recorded, emulated, names), undetermined: 0 }
  }
  const { results, ...envelope } = recorded
  const { results: emulatedResults, ...emulatedEnvelope } = emulated
  const open = interaction.path === '/v1/search' ? changed.openRows(world) : undefined
  const rows = compareRows(objectsOf(results), objectsOf(emulatedResults), names, open)
  const inRows = rows.pairs.flatMap(([left, right]) => compareValues(left, right, names))
  return {
    differences: [
      ...compareValues(envelope, emulatedEnvelope, names),
      ...rows.differences,
      ...inRows.map((difference) => ({ ...difference, place: `results[].${difference.place}` })),
    ],
    undetermined: rows.undetermined,
  }
}

/**
 * What a session changed so far, by emulated id. Notion's search index follows changes after a while, and drops what
 * was put in the trash later still, so that a recorded search does not determine whether such objects are found.
 */
class ChangedObjects {
  readonly #ids = new Set<string>()

  note(interaction: Interaction, names: Names): void {
    if (!isWrite(interaction)) return
    const target = parseId(interaction.path.split('/')[3])
    for (const id of [...idsMadeBy(interaction), ...(target === null ? [] : [target])]) this.#ids.add(names.name(id))
  }

  openRows(world: World): OpenRows {
    return {
      mayMiss: (row) => row['in_trash'] === true,
      mayExceed: (id) => this.#ids.has(id) || world.isNew(id),
    }
  }
}

/** What a request made is called otherwise in the emulator. */
function nameCreated(interaction: Interaction, emulated: JsonObject, names: Names): void {
  const made = idsMadeBy({ ...interaction, answer: emulated })
  for (const [index, recorded] of idsMadeBy(interaction).entries()) {
    const id = made[index]
    if (id !== undefined) names.set(recorded, id)
  }
}
