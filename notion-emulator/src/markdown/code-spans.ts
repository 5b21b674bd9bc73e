/** Finds code spans: a run of backticks up to the next run of the same length (CommonMark 6.1), in linear time overall. */
export class CodeSpans {
  private readonly source: string
  /** Positions of the runs not yet passed, by their length, last one first. */
  private readonly runs = new Map<number, number[]>()

  constructor(source: string) {
    this.source = source
    for (const run of [...source.matchAll(/`+/g)].toReversed()) {
      const positions = this.runs.get(run[0].length) ?? []
      positions.push(run.index)
      this.runs.set(run[0].length, positions)
    }
  }

  /** The span that begins here, with the length of its source; without content where the run is never closed. */
  at(position: number): { content?: string; length: number } {
    let end = position
    while (this.source.charAt(end) === '`') end += 1
    const fence = end - position
    const close = this.nextRun(fence, end)
    if (close === undefined) return { length: fence }
    return { content: readContent(this.source.slice(end, close)), length: close + fence - position }
  }

  private nextRun(length: number, from: number): number | undefined {
    const positions = this.runs.get(length) ?? []
    while ((positions.at(-1) ?? from) < from) positions.pop()
    return positions.at(-1)
  }
}

/** One space on both sides belongs to the fence, unless all is space. In the dialect, `<br>` is a line feed even here. */
function readContent(content: string): string {
  const padded = content.length > 1 && content.startsWith(' ') && content.endsWith(' ') && content.trim() !== ''
  return (padded ? content.slice(1, -1) : content).replace(/<br ?\/?>/g, '\n')
}

/** Fences the text as a code span. */
export function formatCodeSpan(text: string): string {
  const lengths = new Set([...text.matchAll(/`+/g)].map((run) => run[0].length))
  let length = 1
  while (lengths.has(length)) length += 1
  const fence = '`'.repeat(length)
  const touchesFence = text.startsWith('`') || text.endsWith('`')
  const losesSpaces = text.startsWith(' ') && text.endsWith(' ') && text.trim() !== ''
  const padding = touchesFence || losesSpaces ? ' ' : ''
  return `${fence}${padding}${text.replaceAll('\n', '<br>')}${padding}${fence}`
}
