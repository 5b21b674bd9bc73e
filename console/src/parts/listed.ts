/** Between things in one line; where that breaks, the mark stays with what goes before it. */
export const LISTED = '\u00a0· '
