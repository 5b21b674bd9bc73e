/** Columns for people: each as wide as its widest cell. */
export function table(heads: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = [heads, ...rows].map((row) => row.map((cell) => printable(cell)))
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** What a terminal would obey is shown as a mark: names come from users. */
function printable(cell: unknown): string {
  const text = cell === null || cell === undefined ? '–' : String(cell as string | number | boolean)
  return text.replaceAll(/\p{Cc}/gu, '�')
}

/** "1 connection", "2 connections". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
