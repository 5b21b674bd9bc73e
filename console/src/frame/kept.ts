/** What a person chose about the frame on this device. */

const RAIL_KEY = 'chaveiro.rail'
const FOLDED = 'folded'
const LETTERS_KEY = 'chaveiro.letters'
const OFF = 'off'

export function isRailFolded(): boolean {
  return localStorage.getItem(RAIL_KEY) === FOLDED
}

export function keepRailFolded(folded: boolean): void {
  if (folded) localStorage.setItem(RAIL_KEY, FOLDED)
  else localStorage.removeItem(RAIL_KEY)
}

/** Whether single letters do something. Who speaks to their machine says them by accident (WCAG 2.1.4). */
export function areLettersOn(): boolean {
  return localStorage.getItem(LETTERS_KEY) !== OFF
}

export function keepLetters(on: boolean): void {
  if (on) localStorage.removeItem(LETTERS_KEY)
  else localStorage.setItem(LETTERS_KEY, OFF)
}
