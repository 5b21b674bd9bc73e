import { replay } from '../../notion-emulator/src/replay/command.ts'
import { BAR_PERCENT, percentOf, type Report, type Share } from '../../notion-emulator/src/replay/report.ts'
import type { Figure } from './figure.ts'

const ALL_PERCENT = 100

/**
 * How much of recorded traffic the emulator answers as Notion did.
 * @param recordings a file or folder; they are read where they are
 */
export function replayFigures(recordings: string): Figure[] {
  let text = ''
  replay([recordings, '--json'], (part) => {
    text += part
  })
  const { tools, older, strict, others, filters, filtersOnReplaced, searches } = JSON.parse(text) as Report
  // Notion looked at addresses that the recording no longer has: nobody can tell which rows those filters give.
  const readable = { equal: filters.equal, of: filters.of - filtersOnReplaced }
  const figure = (name: string, share: Share): Figure => ({
    name: `${name}, ${share.equal} of ${share.of}`,
    unit: '%',
    ours: percentOf(share),
  })
  return [
    { ...figure('replay: equal answers', tools), bar: { least: BAR_PERCENT } },
    figure('replay: answers older than the version beside them', older),
    figure('replay: all of them, to the member', strict),
    figure('replay: operations that sessions need besides', others),
    { ...figure('replay: filters that give the recorded rows', readable), bar: { least: ALL_PERCENT } },
    figure('replay: searches that give the recorded rows', searches),
  ]
}
