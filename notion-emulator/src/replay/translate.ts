import { compactId, parseId } from '../core/ids.ts'
import { isObject } from '../validation/check.ts'

const UUIDS = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/gi

const PROPERTY_OF_FORMULA = /(\{\{notion:block_property:)([^:}]+)/g

/** What recorded ids, property ids and cursors are called in the emulator. */
export class Names {
  readonly #known = new Map<string, string>()

  /** The two stand for the same thing from now on. */
  set(recorded: string, emulated: string): void {
    this.#known.set(recorded, emulated)
  }

  /** Remembers a pair unless the recorded name is known already. */
  learn(recorded: string, emulated: string): void {
    if (!this.#known.has(recorded)) this.#known.set(recorded, emulated)
  }

  knows(recorded: string): boolean {
    return this.#known.has(recorded)
  }

  /** A recorded id, property id or cursor as the emulator calls it. */
  name(recorded: string): string {
    return this.#known.get(recorded) ?? this.text(recorded)
  }

  /** A recorded text with every known UUID in it replaced, and the properties that a formula names. */
  text(recorded: string): string {
    const formula = recorded.replace(PROPERTY_OF_FORMULA, (_, head: string, id: string) => head + this.name(id))
    return formula.replace(UUIDS, (found) => {
      const canonical = parseId(found)
      const emulated = canonical === null ? undefined : this.#known.get(canonical)
      if (emulated === undefined) return found
      return found.includes('-') ? emulated : compactId(emulated)
    })
  }

  /**
   * A recorded JSON value with every known name replaced.
   * @param member under which the value stands: short names such as property ids are replaced only where ids stand
   */
  value(recorded: unknown, member = ''): unknown {
    if (typeof recorded === 'string') return NAMING_MEMBER.test(member) ? this.name(recorded) : this.text(recorded)
    if (Array.isArray(recorded)) return recorded.map((entry) => this.value(entry, member))
    if (!isObject(recorded)) return recorded
    return Object.fromEntries(
      Object.entries(recorded).map(([key, value]) => [
        member === 'properties' ? this.name(key) : key,
        this.value(value, key),
      ]),
    )
  }

  /** A recorded path, segment by segment: property ids stand there percent-encoded. */
  path(recorded: string): string {
    return recorded
      .split('/')
      .map((segment) => this.name(segment))
      .join('/')
  }
}

/** Members whose value is an id, a property or a cursor, not a text of the user. */
const NAMING_MEMBER = /^(?:id|property|start_cursor|next_cursor|filter_properties|.*_ids?)$/
