import { inspect } from 'node:util'

/** What a wrapped value, and an opened credential, looks like wherever something tries to print it. */
export const SECRET_TEXT = '[secret]'

/**
 * Holds a value that must not be printed by accident: string conversion, JSON and `console.log` give `[secret]`.
 * It guards against mistakes, not against code that calls {@link Secret.reveal}.
 */
export class Secret<T = string> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  /** The value itself. Call it where the value is used, and keep the result in no variable that outlives the use. */
  reveal(): T {
    return this.#value
  }

  toString(): string {
    return SECRET_TEXT
  }

  toJSON(): string {
    return SECRET_TEXT
  }

  [inspect.custom](): string {
    return SECRET_TEXT
  }
}

/**
 * The same guard for a plain object that must stay usable as one: its members are ordinary, but printing the whole
 * object gives `[secret]`. A copy by spread is an ordinary object again, which is how the vault serialises it.
 */
export function hideFromPrint<T extends object>(value: T): T {
  const print = { value: () => SECRET_TEXT, enumerable: false }
  return Object.freeze(Object.defineProperties(value, { toJSON: print, [inspect.custom]: print }))
}
